import type { Caller } from "./caller";
import { awsError } from "./error";
import type { Call } from "./request/call";

/**
 * Refuses the calls that a session may not make, whatever its policies allow. A session of GetSessionToken without a code may call no
 * IAM action, and of STS only AssumeRole and GetCallerIdentity; one of GetFederationToken may call no IAM action, and of STS only
 * GetCallerIdentity. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 *
 * @throws AwsError
 */
export function assertSessionMay({ kind, session }: Caller, { service, ...call }: Call): void {
  if (session === undefined || session.mfa || kind === "role") return;
  if (service === "iam") throw awsError("unknownKey");
  const allowed = kind === "federated" ? ["GetCallerIdentity"] : ["AssumeRole", "GetCallerIdentity"];
  if (service === "sts" && "action" in call && !allowed.includes(call.action)) {
    throw awsError("temporaryCredentials", call.action);
  }
}
