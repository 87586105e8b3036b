import { z } from "zod";

// The limits are those of the IAM API reference and of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

/** A string that must match. The message is what is allowed; `problemsOf` adds what was found. */
function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed });
}

const NAME = "letters, digits and _ + = , . @ -";

/** IAM allows a leading hyphen, which a command would read as an option. */
export const userName = text(
  /^(?!-)[\w+=,.@-]{1,64}$/,
  `an IAM user name: 1 to 64 ${NAME}, not starting with a hyphen`,
);
/** A device's name is part of an ARN, a tag's key and a command line. */
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

/** IAM allows 128 characters; the names of the group's two policies begin with the group's name. */
export const groupName = text(
  /^(?=.{3,100}$)[\w+=,.@-]*MFA$/,
  `a group name that ends in "MFA": 3 to 100 ${NAME}`,
);

/** The name of a group that the component does not create. */
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

/** `pulumi config set --path` writes digits as a number: the same account, unless the id begins with 0. */
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

function seconds(least: number, most: number) {
  const allowed = `a whole number of seconds from ${least} to ${most}`;
  return z.int({ error: allowed }).min(least, { error: allowed }).max(most, { error: allowed });
}

export const sessionLength = seconds(3600, 43200);
export const maxMfaAge = seconds(1, 129600);

// Without the flag `i`, which would also match U+0345, not a letter.
const TAG_KEY = /^(?![Aa][Ww][Ss]:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const TAGS =
  'a map of at most 45 tags: keys of 1 to 128 characters, not starting with "aws:", values of up to 256, ' +
  "of letters, digits, spaces and _ . : / = + - @, keys unique ignoring case";

export const tags = z.record(z.string(), z.string({ error: TAGS }), { error: TAGS }).refine(
  (map) => {
    const keys = Object.keys(map);
    return (
      keys.length <= 45 &&
      new Set(keys.map((key) => key.toLowerCase())).size === keys.length &&
      keys.every((key) => TAG_KEY.test(key)) &&
      Object.values(map).every((value) => TAG_VALUE.test(value))
    );
  },
  { error: TAGS },
);
