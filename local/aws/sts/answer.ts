import type { Answer } from "../../http";
import { queryAnswer, type Result } from "../render";
import { unsupported } from "../request/call";
import { assumeRole } from "./assume-role";
import type { StsCall } from "./call";
import { getFederationToken, getSessionToken } from "./session-token";

/** Answers STS calls, which moto allows everyone. */
export async function answerSts(call: StsCall): Promise<Answer> {
  return queryAnswer(call.action, await resultOf(call), "sts");
}

async function resultOf(call: StsCall): Promise<Result> {
  switch (call.action) {
    case "GetCallerIdentity":
      // No policy can deny it (STS API).
      return { Arn: call.caller.arn, UserId: call.caller.userId, Account: call.caller.account };
    case "AssumeRole":
      return assumeRole(call);
    case "GetSessionToken":
      return getSessionToken(call);
    case "GetFederationToken":
      return getFederationToken(call);
    default:
      throw unsupported(`the call sts:${call.action}`);
  }
}
