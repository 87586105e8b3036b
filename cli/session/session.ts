import type { SessionCredentials } from "../aws/session-credentials";

/** What AWS gives for a code, until it ends. A secret but for `expires`. */
export type Session = SessionCredentials;

/**
 * A session with less than this left counts as over. The SDKs ask anew about five minutes before the end, and would get
 * the same one again and again.
 */
const NEARLY_OVER_MS = 5 * 60_000;

export function isUsable(session: Session | undefined, now: number = Date.now()): session is Session {
  return session !== undefined && session.expires.getTime() - now > NEARLY_OVER_MS;
}

/**
 * The form in which a `credential_process` hands out credentials; sessions are kept in it too.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function toJson({ accessKeyId, secretAccessKey, sessionToken, expires }: Session): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expires.toISOString(),
  });
}

/** The session in the text; `undefined` for anything else, which is as good as none. */
export function fromJson(text: string): Session | undefined {
  // Without a parser of shapes, whose loading would take longer than all else that hands out a cached session.
  try {
    const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } = JSON.parse(text);
    const session = {
      accessKeyId: filled(AccessKeyId),
      secretAccessKey: filled(SecretAccessKey),
      sessionToken: filled(SessionToken),
      expires: new Date(filled(Expiration)),
    };
    return Version === 1 && session.expires.toISOString() === Expiration ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Throws TypeError where it is no text, or an empty one. */
function filled(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError("Expected a text.");
}
