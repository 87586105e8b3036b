/**
 * The terminal screens that the docs show: `npm run docs:captures` writes each to `docs/images/terminal/`. The title is in the
 * window's bar, and is what a screen reader reads first.
 */
export const CAPTURES = {
  rejected: "A stack that the policy pack rejects",
  "enroll-code": "aws-mfa enroll: the QR code, and the prompt for the app's code",
  "enroll-done": "aws-mfa enroll: the device is enabled",
  setup: "aws-mfa setup: from an access key to the first session",
  "verify-fails": "aws-mfa verify: a device that is not enabled yet",
  "s3-ls": "The AWS CLI asks for a code",
  "one-code": "aws-mfa profile --one-code: the changes of a profile, and a question",
  session: "aws-mfa session: one code",
  status: "aws-mfa status: what each user has, and what to do",
  audit: "aws-mfa audit: who gets in without MFA",
} as const;

export type CaptureName = keyof typeof CAPTURES;
