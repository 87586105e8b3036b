/** What AWS's error means here: its likely cause, and the fix. */
export interface Explanation {
  readonly exit: "failed" | "credentials" | "refused" | "unreachable";
  readonly cause: string;
  readonly remedy: string;
}

interface Row extends Omit<Explanation, "exit"> {
  readonly codes: RegExp;
  readonly message?: RegExp;
  /** AWS's message adds nothing, or may quote the request and with it a session token. */
  readonly quiet?: true;
}

export const OUT_OF_REACH = {
  cause: "AWS cannot be reached",
  remedy:
    "Check the network, HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set. Then run this again.",
};
export const NOT_AWS = {
  ...OUT_OF_REACH,
  cause: `${OUT_OF_REACH.cause}: something else answered, such as a proxy`,
};

const NO_CREDENTIALS = /^CredentialsProviderError$/;
const REFUSED = /^AccessDenied(Exception)?$/;
const INVALID = /^Validation(Error|Exception)$/;

/** The first row that matches counts. The messages are those of IAM, STS and the SDK. */
export const ERRORS: readonly (Explanation & Row)[] = [
  ...rowsOf("credentials", [
    {
      codes: NO_CREDENTIALS,
      // From aws-mfa session itself, as the profile's credential_process.
      message: /Start the session in a terminal first/,
      cause: "no session is cached, and there is no terminal to ask for a code",
      remedy: "Start one in a terminal with the aws-mfa session command shown above. Then run this again.",
    },
    {
      codes: NO_CREDENTIALS,
      message: /^Command failed:|credential_process (returned|did not return)/,
      cause: "the profile's credential_process returned no credentials",
      remedy: "Run that command (it is in the configuration file) in a terminal, and fix what it reports.",
    },
    {
      codes: /^CredentialsProviderError$|^TokenProviderError$/,
      message: /aws sso login|SSO session/i,
      cause: "the sign-in to IAM Identity Center (SSO) has expired, or was never made",
      remedy: "Sign in, then run this again: aws sso login --profile NAME",
    },
    {
      codes: NO_CREDENTIALS,
      message: /aws login|reauthenticate|Failed to load token/i,
      cause: "the sign-in of aws login (login_session) has expired, or was never made",
      remedy: "Sign in, then run this again: aws login --profile NAME",
      quiet: true,
    },
    {
      codes: /^CredentialsProviderError$|^ProviderError$|^CredentialsError$/,
      cause: "no AWS credentials were found",
      remedy:
        "To list profiles: aws configure list-profiles. Choose one with --profile, or create one with access keys: " +
        "aws configure",
    },
    {
      codes: /^ExpiredToken(Exception)?$|^RequestExpired$|^TokenRefreshRequired$/,
      cause: "the session has expired",
      remedy: "Start a new one, or use a profile with access keys: --profile NAME",
      quiet: true,
    },
    {
      codes: /^InvalidClientTokenId$|^UnrecognizedClientException$|^InvalidAccessKeyId$/,
      cause:
        "AWS does not recognize the access key: it was deleted, is inactive, or belongs to another partition",
      remedy: "Create a new access key or activate this one, then: aws configure --profile NAME",
      quiet: true,
    },
    {
      codes: /^SignatureDoesNotMatch$|^RequestTimeTooSkewed$|^InvalidSignatureException$/,
      message: /expired|not yet current|skew/i,
      cause: "this computer's clock is off by more than five minutes",
      remedy: "Set the clock from the network, then run this again.",
      quiet: true,
    },
    {
      codes: /^SignatureDoesNotMatch$|^IncompleteSignature|^InvalidSignatureException$/,
      cause: "the secret access key does not match the access key ID",
      remedy: "Enter both again: aws configure --profile NAME",
      quiet: true,
    },
  ]),
  ...rowsOf("refused", [
    {
      codes: REFUSED,
      message: /invalid MFA one time pass code/i,
      cause: "the code is wrong or was already used",
      remedy: "Wait for the next code. If that fails too, check the phone's clock.",
    },
    {
      codes: REFUSED,
      message: /MultiFactorAuthentication failed/i,
      cause: "the device is not enabled, or belongs to another user",
      remedy: "Enable it first: aws-mfa enroll --self",
    },
    {
      codes: REFUSED,
      message: /explicit deny/i,
      cause: "a policy denies it without MFA",
      remedy:
        "Use a profile that asks for a code, such as mfabasedaccess. Without a code you can only enroll a device.",
    },
    {
      codes: REFUSED,
      message: /sts:AssumeRole/i,
      cause:
        "the user is not allowed to assume the role, the role does not trust the user, or the role does not exist",
      remedy:
        "Ask an administrator to allow sts:AssumeRole on it. For a role of the stack, that is users[].roles in its configuration.",
    },
    {
      codes: REFUSED,
      cause: "these credentials do not have permission",
      remedy:
        "Use other credentials with --profile, or ask an administrator for the permission that AWS names.",
    },
    {
      codes: /^InvalidAuthenticationCode/,
      cause: "AWS rejected the codes: they have expired, were already used, or are from another device",
      remedy: "Wait for two new consecutive codes, then run this again.",
      quiet: true,
    },
    {
      codes: /^EntityTemporarilyUnmodifiable/,
      cause: "AWS is still applying the last change to this user",
      remedy: "Wait a minute, then run this again.",
      quiet: true,
    },
    {
      codes: /^LimitExceeded/,
      cause: "the user has reached AWS's limit",
      remedy: "Remove one that is no longer needed, then run this again.",
    },
    {
      codes: INVALID,
      message: /MaxSessionDuration/i,
      cause: "duration_seconds is longer than the role allows",
      remedy: "Lower it in the profile, or raise the role's sessionSeconds in the stack.",
    },
    {
      codes: INVALID,
      message: /role chaining/i,
      cause: "a role assumed from a session lasts at most one hour",
      remedy: "Set duration_seconds to 3600 or less. For longer work, see docs/sessions.md.",
    },
  ]),
  ...rowsOf("failed", [
    {
      codes: /^NoSuchEntity/,
      cause: "it does not exist in this account",
      remedy: "Check the name and the account: aws sts get-caller-identity",
    },
  ]),
  ...rowsOf("unreachable", [
    {
      codes: /^Throttl|^RequestLimitExceeded$|^TooManyRequests|^RequestThrottled/,
      cause: "AWS is throttling requests",
      remedy: "Wait a minute, then run this again.",
      quiet: true,
    },
    {
      codes:
        /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$|^TimeoutError$/,
      ...OUT_OF_REACH,
    },
    {
      codes: /CERT|^UNABLE_TO_VERIFY/,
      cause: "the server's certificate is not trusted",
      remedy:
        "If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file with its certificate: the one that the AWS CLI " +
        "reads from AWS_CA_BUNDLE.",
    },
    {
      // AWS names its errors, whatever their status. The others are not HTTP or TLS.
      codes: /^Unknown(Error)?$|^HPE_|^ERR_SSL_|^EPROTO$/,
      ...NOT_AWS,
      quiet: true,
    },
    {
      codes: /^InternalFailure$|^ServiceUnavailable|^ServiceFailure|^InternalError$/,
      cause: "AWS had an internal error",
      remedy: "Try again later.",
    },
  ]),
];

/** An error that no row matches. */
export const OTHER: Explanation & Pick<Row, "quiet"> = {
  exit: "failed",
  cause: "AWS rejected the request",
  remedy: "See AWS's message above.",
};

function rowsOf(exit: Explanation["exit"], rows: readonly Row[]): (Explanation & Row)[] {
  return rows.map((row) => ({ exit, ...row }));
}
