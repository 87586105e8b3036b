// Separate from names.ts: its parser takes longer to load than a cached session to read.

/** The ARN of a virtual device. */
export const DEVICE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:mfa\/[\w+=,.@/-]+$/;

/** The ARN of a virtual device, or the serial number of a hardware one. */
export const MFA_SERIAL = new RegExp(`${DEVICE_ARN.source}|^(?!-)[\\w-]{9,64}$`);

/** The AWS CLI and the SDKs read a profile name of these characters without quotes. */
export const PROFILE_NAME = /^(?!-)[\w.@+-]{1,64}$/;

export const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
