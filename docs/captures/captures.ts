/**
 * What the docs show of a terminal: each is a file in `docs/images/terminal/`, made by `npm run docs:captures`. The title
 * stands in the window's bar, and is what a screen reader says first.
 */
export const CAPTURES = {
  rejected: "A stack that the policy pack rejects",
  "enroll-code": "aws-mfa enroll: the QR code, and the question for the app's code",
  "enroll-done": "aws-mfa enroll: the device is enabled",
  setup: "aws-mfa setup: from an access key to the first session",
  "verify-fails": "aws-mfa verify: a device that is not enabled yet",
  "s3-ls": "The AWS CLI asks for a code",
  "one-code": "aws-mfa profile --one-code: a profile that differs is asked about",
  session: "aws-mfa session: asked once",
  status: "aws-mfa status: how far each user is",
  audit: "aws-mfa audit: who gets in without MFA",
} as const;

export type CaptureName = keyof typeof CAPTURES;
