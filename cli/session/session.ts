import type { SessionCredentials } from "../aws/session-credentials";

/**
 * A session with less time left counts as expired. The SDKs refresh credentials about five minutes before they expire, and would
 * get the same ones again and again.
 */
const MARGIN_MS = 5 * 60_000;

export function isUsable(
  session: SessionCredentials | undefined,
  now: number = Date.now(),
): session is SessionCredentials {
  return session !== undefined && session.expiration.getTime() - now > MARGIN_MS;
}

/**
 * The output of a `credential_process`, which is also the form of a cached session.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function toJson({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: SessionCredentials): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration.toISOString(),
  });
}

/** The session in a text; `undefined` if it has another form. */
export function fromJson(text: string): SessionCredentials | undefined {
  // Without zod, which takes longer to load than everything else that a cached session needs.
  try {
    const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(text);
    const session = {
      accessKeyId: filled(AccessKeyId),
      secretAccessKey: filled(SecretAccessKey),
      sessionToken: filled(SessionToken),
      expiration: new Date(filled(Expiration)),
    };
    return Version === 1 && session.expiration.toISOString() === Expiration ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Throws TypeError unless it is a string that is not empty. */
function filled(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError("Expected a string.");
}
