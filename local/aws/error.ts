/** What AWS answers instead of doing a call. */
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

/** The document that has the text, or `seen`: AWS answers so, and documents only the error's code. */
type Source = `https://${string}` | "seen";

interface Entry {
  readonly status: number;
  readonly code: string;
  /** `{}` is filled in, one value after the other. */
  readonly text: string;
  readonly source: Source;
}

const COMMON = "https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html";
const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";
const SIGNATURE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html";
const STS = "https://docs.aws.amazon.com/STS/latest/APIReference";
const IAM = "https://docs.aws.amazon.com/IAM/latest/APIReference";
const ROLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html";

/** Every text that the local AWS answers with of its own, apart from AccessDenied by policies. */
export const ERRORS = {
  missingToken: entry(403, "MissingAuthenticationToken", "Request is missing Authentication Token", COMMON),
  incomplete: entry(400, "IncompleteSignature", "Authorization header requires {}", COMMON),
  unknownKey: entry(
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
    COMMON,
  ),
  expired: entry(
    403,
    "ExpiredToken",
    "The security token included in the request is expired",
    `${STS}/API_AssumeRole.html`,
  ),
  signature: entry(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    SIGNATURE,
  ),
  signatureExpired: entry(
    403,
    "SignatureDoesNotMatch",
    "Signature expired: {} is now earlier than {} ({} - 5 min.)",
    SIGNATURE,
  ),
  signatureEarly: entry(
    403,
    "SignatureDoesNotMatch",
    "Signature not yet current: {} is still later than {} ({} + 5 min.)",
    SIGNATURE,
  ),
  scope: entry(
    403,
    "SignatureDoesNotMatch",
    "Credential should be scoped to correct service: '{}'.",
    SIGNATURE,
  ),
  s3UnknownKey: entry(
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
    S3,
  ),
  s3Expired: entry(400, "ExpiredToken", "The provided token has expired.", S3),
  s3Signature: entry(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    S3,
  ),
  s3Skew: entry(
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
    S3,
  ),
  s3Content: entry(
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    S3,
  ),
  wrongCode: entry(
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    "seen",
  ),
  wrongDevice: entry(
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    "seen",
  ),
  halfOfMfa: entry(
    403,
    "AccessDenied",
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    "seen",
  ),
  enablingCode: entry(
    403,
    "InvalidAuthenticationCode",
    "Authentication code for device is not valid.",
    `${IAM}/API_EnableMFADevice.html`,
  ),
  noDevice: entry(404, "NoSuchEntity", "VirtualMFADevice with serial number {} does not exist.", "seen"),
  notTheUsers: entry(404, "NoSuchEntity", "MFA Device invalid for user.", "seen"),
  deviceTaken: entry(
    409,
    "EntityAlreadyExists",
    "MFADevice with serial number {} is already assigned to a user.",
    "seen",
  ),
  deviceInUse: entry(
    409,
    "DeleteConflict",
    "MFA VirtualDevice in use. Must deactivate first.",
    `${IAM}/API_DeleteVirtualMFADevice.html`,
  ),
  secondDevice: entry(
    403,
    "AccessDenied",
    "User: {} is not authorized to perform: iam:EnableMFADevice on resource: user {} because a user who has an MFA device needs a session with MFA",
    "https://aws.amazon.com/security/security-bulletins/AWS-2023-001/",
  ),
  keyQuota: entry(
    409,
    "LimitExceeded",
    "Cannot exceed quota for AccessKeysPerUser: {}",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  ),
  policyAttached: entry(
    409,
    "DeleteConflict",
    "Cannot delete a policy attached to entities.",
    `${IAM}/API_DeletePolicy.html`,
  ),
  conflict: entry(
    409,
    "DeleteConflict",
    "Cannot delete entity, must {} first.",
    `${IAM}/API_DeleteUser.html`,
  ),
  rootAssumes: entry(403, "AccessDenied", "Roles may not be assumed by root accounts.", ROLES),
  sessionAsksSession: entry(
    403,
    "AccessDenied",
    "Cannot call {} with session credentials",
    `${STS}/API_GetSessionToken.html`,
  ),
  tooLong: entry(
    400,
    "ValidationError",
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ROLES,
  ),
  chained: entry(
    400,
    "ValidationError",
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html",
  ),
  duration: entry(
    400,
    "ValidationError",
    "1 validation error detected: Value '{}' at 'durationSeconds' failed to satisfy constraint: Member must have value {} than or equal to {}",
    `${STS}/API_AssumeRole.html`,
  ),
  noProvider: entry(
    400,
    "InvalidIdentityToken",
    "No OpenIDConnect provider found in your account for {}",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
  ),
  badToken: entry(
    400,
    "InvalidIdentityToken",
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    `${STS}/API_AssumeRoleWithWebIdentity.html`,
  ),
  tokenExpired: entry(
    400,
    "ExpiredTokenException",
    "Token expired: current date/time must be before the expiration date/time",
    `${STS}/API_AssumeRoleWithWebIdentity.html`,
  ),
  malformedPolicy: entry(
    400,
    "MalformedPolicyDocument",
    "The policy is not in the valid JSON format.",
    `${STS}/API_AssumeRole.html`,
  ),
  throttled: entry(400, "Throttling", "Rate exceeded", COMMON),
} as const satisfies Readonly<Record<string, Entry>>;

export function awsError(name: keyof typeof ERRORS, ...values: readonly string[]): AwsError {
  const { status, code, text } = ERRORS[name];
  const given = [...values];
  return new AwsError(
    status,
    code,
    text.replaceAll("{}", () => given.shift() ?? ""),
  );
}

function entry(status: number, code: string, text: string, source: Source): Entry {
  return { status, code, text, source };
}
