import { z } from "zod";
import { DEVICE_ARN, MFA_SERIAL, PROFILE_NAME, REGION } from "./patterns";

// Names and ARNs from a command line, a stack's outputs or a file. A leading hyphen would make a name an option in a command line.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

export const userName = text(
  /^(?!-)[\w+=,.@-]{1,64}$/,
  "an IAM user name: 1 to 64 letters, digits and _ + = , . @ -, not beginning with -",
);

/** A user's device in the stack's configuration. */
export const deviceName = text(
  /^\w[\w.-]{0,31}$/,
  "a device name: 1 to 32 letters, digits and _ . -, not beginning with . or -",
);

export const groupName = text(
  /^(?!-)[\w+=,.@-]{1,128}$/,
  "an IAM group name: 1 to 128 letters, digits and _ + = , . @ -, not beginning with -",
);

export const roleName = text(
  /^[\w+=,.@-]{1,64}$/,
  "an IAM role name: 1 to 64 letters, digits and _ + = , . @ -",
);

export const roleArn = text(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/,
  "a role ARN, such as arn:aws:iam::111122223333:role/MFABasedAccess",
);

const DEVICE = "an MFA device ARN, such as arn:aws:iam::111122223333:mfa/alice";

export const deviceArn = text(DEVICE_ARN, DEVICE);

/** The ARN of a virtual device, or the serial number of a hardware one. */
export const mfaSerial = text(MFA_SERIAL, DEVICE);

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
export const accessKeyId = text(/^A[A-Z0-9]{15,127}$/, "an access key ID, such as AKIAIOSFODNN7EXAMPLE");

export const profileName = text(
  PROFILE_NAME,
  "a profile name: 1 to 64 letters, digits and _ . @ + -, not beginning with -",
);

export const region = text(REGION, "a region, such as eu-central-1");

function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}
