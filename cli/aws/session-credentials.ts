import type { Credentials } from "@aws-sdk/client-sts";
import { z } from "zod";
import { notAws } from "./unanswered";

const text = z.string().min(1);
const credentials = z.object({
  AccessKeyId: text,
  SecretAccessKey: text,
  SessionToken: text,
  Expiration: z.date(),
});

/** The credentials of a session that AWS has started, and when they expire. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expires: Date;
}

/** What AssumeRole and GetSessionToken give. Throws Unanswered where any of it is missing: AWS always gives all. */
export function sessionCredentials(given: Credentials | undefined): SessionCredentials {
  const parsed = credentials.safeParse(given);
  if (!parsed.success) throw notAws("it has no credentials");
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = parsed.data;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expires: Expiration,
  };
}
