import { z } from "zod";

// The limits are those of the IAM API reference and of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

/** A string that must match. The message says what is allowed, never what is wrong: that is for all the same. */
function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

const NAME = "letters, digits and _ + = , . @ -";

/** IAM allows a hyphen first, which a command would read as an option. */
export const userName = text(
  /^(?!-)[\w+=,.@-]{1,64}$/,
  `an IAM user name: 1 to 64 ${NAME}, not starting with a hyphen`,
);
/** What a device is called behind its user's name: in an ARN, a tag's key and a command line. */
const deviceName = text(
  /^\w[\w.-]{0,31}$/,
  "a device's name: 1 to 32 letters, digits and _ . -, starting with a letter, a digit or _",
);

const DEVICES = "a list of 1 to 8 names of devices";

/** AWS lets a user have eight. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const devices = z
  .array(deviceName, { error: DEVICES })
  .min(1, { error: DEVICES })
  .max(8, { error: DEVICES });

export const roleName = text(/^[\w+=,.@-]{1,64}$/, `an IAM role name: 1 to 64 ${NAME}`);

/** IAM allows 128; the names of the group's two policies begin with the group's. */
export const groupName = text(
  /^(?=.{3,100}$)[\w+=,.@-]*MFA$/,
  `a group name that ends in "MFA": 3 to 100 ${NAME}`,
);

/** Of a group that others made. */
export const existingGroupName = text(/^[\w+=,.@-]{1,128}$/, `an IAM group name: 1 to 128 ${NAME}`);

export const policyName = text(/^[\w+=,.@-]{1,128}$/, `an IAM policy name: 1 to 128 ${NAME}`);

export const path = text(
  /^(?=.{1,512}$)\/([\x21-\x2e\x30-\x7e]+\/)*$/,
  'an IAM path: "/" or "/team/", at most 512 characters, starting and ending with a slash',
);

/** The AWS command line and the SDKs read these characters in a profile's name without quotes. */
export const profileName = text(
  /^(?!-)[\w.@+-]{1,64}$/,
  "a profile name: 1 to 64 letters, digits and _ . @ + -, not starting with a hyphen",
);

export const policyArn = text(
  /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\x21-\x7e]+$/,
  "the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess",
);

export const roleArn = text(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/,
  "the ARN of a role, such as arn:aws:iam::111122223333:role/Deploy",
);

const ACCOUNT = "an account id: 12 digits, in quotes if the first is 0";

/** `pulumi config set --path` writes digits as a number, which is the same account unless it began with 0. */
export const accountId = z.preprocess(
  (value) => (typeof value === "number" ? String(value) : value),
  text(/^\d{12}$/, ACCOUNT),
);

export const trustedUser = text(
  /^([\w+=,.@-]{1,64}|arn:aws[a-z-]*:iam::\d{12}:user\/[\x21-\x7e]+)$/,
  "the name of a user of this stack, or the ARN of a user such as arn:aws:iam::111122223333:user/alice",
);

export const principalArn = text(
  /^arn:aws[a-z-]*:iam::\d{12}:(root|user\/[\x21-\x7e]+)$/,
  "the ARN of a user or of an account, such as arn:aws:iam::111122223333:user/alice or arn:aws:iam::111122223333:root",
);

/** Seconds, a whole number, within both limits. */
function seconds(least: number, most: number) {
  const allowed = `a whole number of seconds from ${least} to ${most}`;
  return z.int({ error: allowed }).min(least, { error: allowed }).max(most, { error: allowed });
}

export const sessionLength = seconds(3600, 43200);
export const maxMfaAge = seconds(1, 129600);

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAGS =
  'a map of at most 45 tags: keys of 1 to 128 characters, not starting with "aws:", values of up to 256, ' +
  "of letters, digits, spaces and _ . : / = + - @, keys unique ignoring case";

export const tags = z
  .record(z.string(), z.string({ error: TAGS }), { error: TAGS })
  .refine(
    (map) => new Set(Object.keys(map).map((key) => key.toLowerCase())).size === Object.keys(map).length,
    {
      error: TAGS,
    },
  )
  .refine(
    (map) =>
      Object.keys(map).length <= 45 &&
      Object.entries(map).every(
        ([key, value]) =>
          key.length >= 1 &&
          key.length <= 128 &&
          value.length <= 256 &&
          TAG.test(key) &&
          TAG.test(value) &&
          !/^aws:/i.test(key),
      ),
    { error: TAGS },
  );
