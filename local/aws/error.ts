/** The error that AWS returns instead of executing a call. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The local AWS's own errors, apart from denials by policies. `{}` stands for a value. docs/local-aws.md has AWS's document for each.
 */
export const ERRORS = {
  missingToken: [403, "MissingAuthenticationToken", "Request is missing Authentication Token"],
  incomplete: [400, "IncompleteSignature", "Authorization header requires {}"],
  unknownKey: [403, "InvalidClientTokenId", "The security token included in the request is invalid."],
  expired: [403, "ExpiredToken", "The security token included in the request is expired"],
  signature: [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
  signatureExpired: [
    403,
    "SignatureDoesNotMatch",
    "Signature expired: {} is now earlier than {} ({} - 5 min.)",
  ],
  signatureEarly: [
    403,
    "SignatureDoesNotMatch",
    "Signature not yet current: {} is still later than {} ({} + 5 min.)",
  ],
  scope: [403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: '{}'."],
  s3UnknownKey: [
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
  ],
  s3Expired: [400, "ExpiredToken", "The provided token has expired."],
  s3Signature: [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ],
  s3Skew: [
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
  ],
  s3Content: [
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  wrongCode: [403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. "],
  wrongDevice: [
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
  ],
  incompleteMfa: [
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
  ],
  enablingCode: [403, "InvalidAuthenticationCode", "Authentication code for device is not valid."],
  noDevice: [404, "NoSuchEntity", "VirtualMFADevice with serial number {} does not exist."],
  otherUsersDevice: [404, "NoSuchEntity", "MFA Device invalid for user."],
  deviceTaken: [409, "EntityAlreadyExists", "MFADevice with serial number {} is already assigned to a user."],
  deviceInUse: [409, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first."],
  secondDevice: [
    403,
    "AccessDenied",
    "User: {} is not authorized to perform: iam:EnableMFADevice on resource: user {} because a user who has an MFA device needs a session with MFA",
  ],
  keyQuota: [409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: {}"],
  policyAttached: [409, "DeleteConflict", "Cannot delete a policy attached to entities."],
  notEmpty: [409, "DeleteConflict", "Cannot delete entity, must {} first."],
  assumedByRoot: [403, "AccessDenied", "Roles may not be assumed by root accounts."],
  temporaryCredentials: [403, "AccessDenied", "Cannot call {} with session credentials"],
  exceedsMaximum: [
    400,
    "ValidationError",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  ],
  exceedsChaining: [
    400,
    "ValidationError",
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
  ],
  duration: [
    400,
    "ValidationError",
    "1 validation error detected: Value '{}' at 'durationSeconds' failed to satisfy constraint: Member must have value {} than or equal to {}",
  ],
  noProvider: [400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for {}"],
  badToken: [
    400,
    "InvalidIdentityToken",
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  ],
  tokenExpired: [
    400,
    "ExpiredTokenException",
    "Token expired: current date/time must be before the expiration date/time",
  ],
  malformedPolicy: [400, "MalformedPolicyDocument", "The policy is not in the valid JSON format."],
  throttled: [400, "Throttling", "Rate exceeded"],
} as const satisfies Readonly<Record<string, readonly [status: number, code: string, text: string]>>;

/** @param values replace each `{}` in turn */
export function awsError(name: keyof typeof ERRORS, ...values: readonly string[]): AwsError {
  const [status, code, text] = ERRORS[name];
  const remaining = values.values();
  return new AwsError(
    status,
    code,
    text.replaceAll("{}", () => remaining.next().value ?? ""),
  );
}
