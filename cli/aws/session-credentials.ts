import type { Credentials } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";
import { notAws } from "./unanswered";

/** The credentials of a session, and when they expire. */
export interface SessionCredentials extends AwsCredentialIdentity {
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** The credentials in a response of AssumeRole or GetSessionToken. Throws Unanswered if one is missing: AWS returns all. */
export function sessionCredentials(given: Partial<Credentials> = {}): SessionCredentials {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  } = given;
  if (accessKeyId && secretAccessKey && sessionToken && expiration) {
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  }
  throw notAws("no credentials in the response");
}
