import { z } from "zod";
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

const kept = z.object({
  Version: z.literal(1),
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().min(1),
  Expiration: z.iso.datetime(),
});

/** The session in the text; `undefined` for anything else, which is as good as none. */
export function fromJson(text: string): Session | undefined {
  try {
    const found = kept.parse(JSON.parse(text));
    return {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      sessionToken: found.SessionToken,
      expires: new Date(found.Expiration),
    };
  } catch {
    return undefined;
  }
}
