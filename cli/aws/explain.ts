import { Failure, systemCode } from "../failure";
import { Unanswered } from "./unanswered";

/** What AWS's error means here: its likely cause, and what mends it. */
interface Explanation {
  readonly exit: "failed" | "credentials" | "refused" | "unreachable";
  readonly cause: string;
  readonly mend: string;
}

/** What went wrong, for whoever tells it in another form than a message. */
export interface Explained extends Explanation {
  /** AWS's own name for the error. */
  readonly code: string;
  /** AWS's own words, where they are no secret. */
  readonly said: string;
}

/** The failure of doing `what`, such as "enable the device", with its likely cause and the mend. */
export function failureOf(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { exit, cause, mend, code, said } = explain(error);
  return new Failure(
    exit,
    `Could not ${what}: ${cause}.`,
    mend,
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
    return { exit: "unreachable", cause, mend: `${REACH} --timeout SECONDS waits longer.`, code, said: "" };
  }
  if (isUnreadable(error)) return { ...NOT_AWS, code, said: "" };
  const message = error instanceof Error ? error.message.trim() : String(error);
  const found = TABLE.find(
    (row) => row.codes.test(code) && (row.message === undefined || row.message.test(message)),
  );
  const explanation = found ?? {
    exit: "failed" as const,
    cause: "AWS refused in a way that is not known here",
    mend: "See what AWS says above.",
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

const OUT_OF_REACH = "AWS is out of reach";
const REACH =
  "Check the network, HTTPS_PROXY and NO_PROXY, and AWS_ENDPOINT_URL if it is set. Then run this again.";
const NOT_AWS = {
  exit: "unreachable" as const,
  cause: `${OUT_OF_REACH}: something else has answered in its place, such as a proxy`,
  mend: REACH,
};

const REFUSED = /^AccessDenied(Exception)?$/;

/** The first that fits. Messages are those that IAM and STS give out. */
const TABLE: readonly Row[] = [
  {
    codes: /^CredentialsProviderError$/,
    // From aws-mfa session itself, as the profile's credential_process.
    message: /Start the session in a terminal first/,
    exit: "credentials",
    cause: "no session is kept, and there is no terminal to ask for the code of a new one",
    mend: "Start it in a terminal with the command that is named above, aws-mfa session. Then run this again.",
  },
  {
    codes: /^CredentialsProviderError$/,
    message: /^Command failed:|credential_process (returned|did not return)/,
    exit: "credentials",
    cause: "the profile's credential_process gives no credentials",
    mend: "Run that command, which stands in the configuration file, in a terminal until it prints credentials.",
  },
  {
    codes: /^CredentialsProviderError$|^ProviderError$|^CredentialsError$/,
    exit: "credentials",
    cause: "there are no AWS credentials, or the profile has none",
    mend:
      "See which profiles there are: aws configure list-profiles. Name one with --profile, or make one with access keys: " +
      "aws configure",
  },
  {
    codes: /^ExpiredToken(Exception)?$|^RequestExpired$|^TokenRefreshRequired$/,
    exit: "credentials",
    cause: "the session has ended",
    mend: "Start a new one, or use a profile with access keys: --profile NAME",
    quiet: true,
  },
  {
    codes: /^InvalidClientTokenId$|^UnrecognizedClientException$|^InvalidAccessKeyId$/,
    exit: "credentials",
    cause:
      "AWS does not know the access key: it was deleted, or is inactive, or belongs to another partition",
    mend: "Make a new access key, or have it activated, then: aws configure --profile NAME",
    quiet: true,
  },
  {
    codes: /^SignatureDoesNotMatch$|^RequestTimeTooSkewed$|^InvalidSignatureException$/,
    message: /expired|not yet current|skew/i,
    exit: "credentials",
    cause: "this computer's clock is wrong by more than five minutes",
    mend: "Set the clock by the network's time, then run this again.",
  },
  {
    codes: /^SignatureDoesNotMatch$|^IncompleteSignature|^InvalidSignatureException$/,
    exit: "credentials",
    cause: "the secret access key does not belong to the access key",
    mend: "Enter both once more: aws configure --profile NAME",
  },
  {
    codes: REFUSED,
    message: /invalid MFA one time pass code/i,
    exit: "refused",
    cause: "the code is wrong, or was used before: a code works once",
    mend: "Wait for the next code. If it happens again, compare the phone's clock with the network's time.",
  },
  {
    codes: REFUSED,
    message: /MultiFactorAuthentication failed/i,
    exit: "refused",
    cause: "the device is not enabled, or is another user's",
    mend: "Enable it first: aws-mfa enroll --self",
  },
  {
    codes: REFUSED,
    message: /explicit deny/i,
    exit: "refused",
    cause: "a policy denies it without MFA",
    mend: "Use a profile that asks for a code, such as mfabasedaccess. Without a code only enrolling a device is open.",
  },
  {
    codes: REFUSED,
    message: /sts:AssumeRole/i,
    exit: "refused",
    cause: "the user may not assume the role, or the role does not trust the user, or there is no such role",
    mend: "Ask an administrator for sts:AssumeRole on it: for a role of the stack, users[].roles in its configuration.",
  },
  {
    codes: REFUSED,
    exit: "refused",
    cause: "whoever asks has no right to do this",
    mend: "Use other credentials with --profile, or ask an administrator for the right that AWS names.",
  },
  {
    codes: /^InvalidAuthenticationCode/,
    exit: "refused",
    cause: "AWS does not take the codes: they are too old, were used before, or are of another device",
    mend: "Wait for two new codes in a row, then run this again.",
    quiet: true,
  },
  {
    codes: /^EntityTemporarilyUnmodifiable/,
    exit: "refused",
    cause: "AWS is still at the last change of this user",
    mend: "Wait a minute, then run this again.",
    quiet: true,
  },
  {
    codes: /^LimitExceeded/,
    exit: "refused",
    cause: "the user has as many of these as AWS allows",
    mend: "Remove one that is not needed any more, then run this again.",
  },
  {
    codes: /^NoSuchEntity/,
    exit: "failed",
    cause: "there is no such thing in this account",
    mend: "Check the name and the account: aws sts get-caller-identity",
  },
  {
    codes: /^ValidationError$|^ValidationException$/,
    message: /MaxSessionDuration/i,
    exit: "refused",
    cause: "duration_seconds is longer than the role allows",
    mend: "Make it shorter in the profile, or sessionSeconds of the role longer in the stack.",
  },
  {
    codes: /^ValidationError$|^ValidationException$/,
    message: /role chaining/i,
    exit: "refused",
    cause: "a session that assumes a role gets one hour at most",
    mend: "Set duration_seconds to 3600 or less. docs/sessions.md has what to do about longer work.",
  },
  {
    codes: /^Throttl|^RequestLimitExceeded$|^TooManyRequests|^RequestThrottled/,
    exit: "unreachable",
    cause: "AWS asks to slow down",
    mend: "Wait a minute, then run this again.",
    quiet: true,
  },
  {
    codes:
      /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$|^TimeoutError$/,
    exit: "unreachable",
    cause: OUT_OF_REACH,
    mend: REACH,
  },
  {
    codes: /CERT|^UNABLE_TO_VERIFY/,
    exit: "unreachable",
    cause: "the certificate of whoever answered is not one that is trusted here",
    mend:
      "Where a proxy looks into TLS, name the file with its certificate in NODE_EXTRA_CA_CERTS: the one that the AWS CLI " +
      "takes from AWS_CA_BUNDLE.",
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
    cause: "AWS has a problem of its own",
    mend: "Run this again in a while.",
  },
];
