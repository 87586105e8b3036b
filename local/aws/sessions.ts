import type { Caller } from "./caller";
import { awsError } from "./error";
import type { Call } from "./request/call";

/**
 * What a session may not call, whatever its policies say. One of GetSessionToken without a code calls nothing of IAM, and of STS
 * AssumeRole and GetCallerIdentity alone; one of GetFederationToken calls nothing of IAM, and of STS GetCallerIdentity alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 *
 * @throws AwsError
 */
export function assertSessionMay(caller: Caller, { service, ...call }: Call): void {
  const allowed = stsCallsOf(caller);
  if (allowed === "all") return;
  if (service === "iam") throw awsError("unknownKey");
  if (service === "sts" && "action" in call && !allowed.includes(call.action)) {
    throw awsError("sessionAsksSession", call.action);
  }
}

function stsCallsOf(caller: Caller): "all" | readonly string[] {
  switch (caller.kind) {
    case "root":
    case "user":
      return caller.session === undefined || caller.session.mfa ? "all" : ["AssumeRole", "GetCallerIdentity"];
    case "role":
      return "all";
    case "federated":
      return ["GetCallerIdentity"];
  }
}
