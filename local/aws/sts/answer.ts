import type { Answer } from "../../http";
import { arnOf, userIdOf } from "../caller";
import { queryAnswer, type Result } from "../render";
import { unmapped } from "../request/call";
import { assumeRole } from "./assume-role";
import type { StsCall } from "./call";
import { getFederationToken, getSessionToken } from "./session-token";

/**
 * Answers the calls of STS, which moto would answer to anybody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html says which session may make which.
 */
export async function answerSts(call: StsCall): Promise<Answer> {
  return queryAnswer(call.action, await resultOf(call), "sts");
}

async function resultOf(call: StsCall): Promise<Result> {
  switch (call.action) {
    case "GetCallerIdentity":
      // No policy can deny it (STS API).
      return { Arn: arnOf(call.caller), UserId: userIdOf(call.caller), Account: call.caller.account };
    case "AssumeRole":
      return assumeRole(call);
    case "GetSessionToken":
      return getSessionToken(call);
    case "GetFederationToken":
      return getFederationToken(call);
    default:
      throw unmapped(`the call sts:${call.action}`);
  }
}
