import { Failure, systemCode } from "../failure";
import { Unanswered } from "./unanswered";

/** What AWS's error means here: its likely cause, and the fix. */
interface Explanation {
  readonly exit: "failed" | "credentials" | "refused" | "unreachable";
  readonly cause: string;
  readonly remedy: string;
}

/** What went wrong, for whoever tells it in another form than a message. */
export interface Explained extends Explanation {
  /** AWS's own name for the error. */
  readonly code: string;
  /** AWS's own words, where they are no secret. */
  readonly said: string;
}

/** The failure of doing `what`, such as "enable the device", with its likely cause and the remedy. */
export function failureOf(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { exit, cause, remedy, code, said } = explain(error);
  return new Failure(
    exit,
    `Could not ${what}: ${cause}.`,
    remedy,
    said ? `AWS says: ${code}: ${said}` : undefined,
  );
}

/** Runs a call of AWS; what it throws is a Failure that says what was to be done. */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(what, error);
  }
}

export function explain(error: unknown): Explained {
  const code = nameOf(error);
  if (error instanceof Unanswered) {
    const cause = `${OUT_OF_REACH}: ${error.message}`;
    return {
      exit: "unreachable",
      cause,
      remedy: `${REACH} To wait longer: --timeout SECONDS.`,
      code,
      said: "",
    };
  }
  if (isUnreadable(error)) return { ...NOT_AWS, code, said: "" };
  const message = error instanceof Error ? error.message.trim() : String(error);
  const found = TABLE.find(
    (row) => row.codes.test(code) && (row.message === undefined || row.message.test(message)),
  );
  const explanation = found ?? {
    exit: "failed" as const,
    cause: "AWS rejected the request",
    remedy: "See AWS's message above.",
  };
  // AWS may quote the request here, and with it a session token.
  const quiet =
    /^SignatureDoesNotMatch$|^InvalidSignatureException$|^IncompleteSignature/.test(code) ||
    found?.quiet === true;
  return { ...explanation, code, said: quiet ? "" : withoutCommand(message).slice(0, 500) };
}

/** An answer that the SDK could make nothing of, where an error of AWS has a name and a fault. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && "$response" in error && !("$fault" in error);
}

/** Node puts the command line before what a credential_process said, and some have a password in theirs. */
function withoutCommand(message: string): string {
  return message.replace(/^Command failed: .*\n?/, "");
}

/** AWS's name for the error, or the system's for one that never reached AWS. */
export function nameOf(error: unknown): string {
  const system = systemCode(error);
  if (system !== undefined && /^E[A-Z]+|^HPE_|CERT|^UNABLE_TO_VERIFY/.test(system)) return system;
  return error instanceof Error ? error.name : "unknown";
}

interface Row extends Explanation {
  readonly codes: RegExp;
  readonly message?: RegExp;
  /** What was said adds nothing. */
  readonly quiet?: true;
}

const OUT_OF_REACH = "AWS cannot be reached";
const REACH =
  "Check the network, HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set. Then run this again.";
const NOT_AWS = {
  exit: "unreachable" as const,
  cause: `${OUT_OF_REACH}: something else answered, such as a proxy`,
  remedy: REACH,
};

const REFUSED = /^AccessDenied(Exception)?$/;

/** The first that fits. Messages are those that IAM and STS give out. */
const TABLE: readonly Row[] = [
  {
    codes: /^CredentialsProviderError$/,
    // From aws-mfa session itself, as the profile's credential_process.
    message: /Start the session in a terminal first/,
    exit: "credentials",
    cause: "no session is cached, and there is no terminal to ask for a code",
    remedy: "Start one in a terminal with the aws-mfa session command shown above. Then run this again.",
  },
  {
    codes: /^CredentialsProviderError$/,
    message: /^Command failed:|credential_process (returned|did not return)/,
    exit: "credentials",
    cause: "the profile's credential_process returned no credentials",
    remedy: "Run that command (it is in the configuration file) in a terminal, and fix what it reports.",
  },
  {
    codes: /^CredentialsProviderError$|^TokenProviderError$/,
    message: /aws sso login|SSO session/i,
    exit: "credentials",
    cause: "the sign-in to IAM Identity Center (SSO) has expired, or was never made",
    remedy: "Sign in, then run this again: aws sso login --profile NAME",
  },
  {
    codes: /^CredentialsProviderError$/,
    message: /aws login|reauthenticate|Failed to load token/i,
    exit: "credentials",
    cause: "the sign-in of aws login (login_session) has expired, or was never made",
    remedy: "Sign in, then run this again: aws login --profile NAME",
    quiet: true,
  },
  {
    codes: /^CredentialsProviderError$|^ProviderError$|^CredentialsError$/,
    exit: "credentials",
    cause: "no AWS credentials were found",
    remedy:
      "To list profiles: aws configure list-profiles. Choose one with --profile, or create one with access keys: " +
      "aws configure",
  },
  {
    codes: /^ExpiredToken(Exception)?$|^RequestExpired$|^TokenRefreshRequired$/,
    exit: "credentials",
    cause: "the session has expired",
    remedy: "Start a new one, or use a profile with access keys: --profile NAME",
    quiet: true,
  },
  {
    codes: /^InvalidClientTokenId$|^UnrecognizedClientException$|^InvalidAccessKeyId$/,
    exit: "credentials",
    cause:
      "AWS does not recognize the access key: it was deleted, is inactive, or belongs to another partition",
    remedy: "Create a new access key or activate this one, then: aws configure --profile NAME",
    quiet: true,
  },
  {
    codes: /^SignatureDoesNotMatch$|^RequestTimeTooSkewed$|^InvalidSignatureException$/,
    message: /expired|not yet current|skew/i,
    exit: "credentials",
    cause: "this computer's clock is off by more than five minutes",
    remedy: "Set the clock from the network, then run this again.",
  },
  {
    codes: /^SignatureDoesNotMatch$|^IncompleteSignature|^InvalidSignatureException$/,
    exit: "credentials",
    cause: "the secret access key does not match the access key id",
    remedy: "Enter both again: aws configure --profile NAME",
  },
  {
    codes: REFUSED,
    message: /invalid MFA one time pass code/i,
    exit: "refused",
    cause: "the code is wrong or was already used",
    remedy: "Wait for the next code. If that fails too, check the phone's clock.",
  },
  {
    codes: REFUSED,
    message: /MultiFactorAuthentication failed/i,
    exit: "refused",
    cause: "the device is not enabled, or belongs to another user",
    remedy: "Enable it first: aws-mfa enroll --self",
  },
  {
    codes: REFUSED,
    message: /explicit deny/i,
    exit: "refused",
    cause: "a policy denies it without MFA",
    remedy:
      "Use a profile that asks for a code, such as mfabasedaccess. Without a code you can only enroll a device.",
  },
  {
    codes: REFUSED,
    message: /sts:AssumeRole/i,
    exit: "refused",
    cause:
      "the user is not allowed to assume the role, the role does not trust the user, or the role does not exist",
    remedy:
      "Ask an administrator to allow sts:AssumeRole on it. For a role of the stack, that is users[].roles in its configuration.",
  },
  {
    codes: REFUSED,
    exit: "refused",
    cause: "these credentials do not have permission",
    remedy:
      "Use other credentials with --profile, or ask an administrator for the permission that AWS names.",
  },
  {
    codes: /^InvalidAuthenticationCode/,
    exit: "refused",
    cause: "AWS rejected the codes: they have expired, were already used, or are from another device",
    remedy: "Wait for two new consecutive codes, then run this again.",
    quiet: true,
  },
  {
    codes: /^EntityTemporarilyUnmodifiable/,
    exit: "refused",
    cause: "AWS is still applying the last change to this user",
    remedy: "Wait a minute, then run this again.",
    quiet: true,
  },
  {
    codes: /^LimitExceeded/,
    exit: "refused",
    cause: "the user has reached AWS's limit",
    remedy: "Remove one that is no longer needed, then run this again.",
  },
  {
    codes: /^NoSuchEntity/,
    exit: "failed",
    cause: "it does not exist in this account",
    remedy: "Check the name and the account: aws sts get-caller-identity",
  },
  {
    codes: /^ValidationError$|^ValidationException$/,
    message: /MaxSessionDuration/i,
    exit: "refused",
    cause: "duration_seconds is longer than the role allows",
    remedy: "Lower it in the profile, or raise the role's sessionSeconds in the stack.",
  },
  {
    codes: /^ValidationError$|^ValidationException$/,
    message: /role chaining/i,
    exit: "refused",
    cause: "a role assumed from a session lasts at most one hour",
    remedy: "Set duration_seconds to 3600 or less. For longer work, see docs/sessions.md.",
  },
  {
    codes: /^Throttl|^RequestLimitExceeded$|^TooManyRequests|^RequestThrottled/,
    exit: "unreachable",
    cause: "AWS is throttling requests",
    remedy: "Wait a minute, then run this again.",
    quiet: true,
  },
  {
    codes:
      /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$|^TimeoutError$/,
    exit: "unreachable",
    cause: OUT_OF_REACH,
    remedy: REACH,
  },
  {
    codes: /CERT|^UNABLE_TO_VERIFY/,
    exit: "unreachable",
    cause: "the server's certificate is not trusted",
    remedy:
      "If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file with its certificate: the one that the AWS CLI " +
      "reads from AWS_CA_BUNDLE.",
  },
  {
    // AWS names its errors, whatever their number. The others are of no HTTP, or no TLS.
    codes: /^Unknown(Error)?$|^HPE_|^ERR_SSL_|^EPROTO$/,
    ...NOT_AWS,
    quiet: true,
  },
  {
    codes: /^InternalFailure$|^ServiceUnavailable|^ServiceFailure|^InternalError$/,
    exit: "unreachable",
    cause: "AWS had an internal error",
    remedy: "Try again later.",
  },
];
