import type { Caller } from "../caller";
import { awsError } from "../error";
import type { Result } from "../render";
import { codeIn, credentialsResult, durationIn, type StsCall, sessionPoliciesIn } from "./call";

const MOST = 129_600;
const MOST_OF_ROOT = 3600;
const BY_DEFAULT = 43_200;

/**
 * A session of the caller's own. It grants nothing, so no policy is asked.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function getSessionToken({ action, parameters, caller, state }: StsCall): Promise<Result> {
  const keys = assertLongTerm(action, caller);
  const seconds = secondsOf(parameters, caller);
  const session = { issuedAt: new Date(), mfa: await codeIn(parameters, caller, state) };
  return { Credentials: credentialsResult(state.credentials.issue({ ...keys, session }, seconds)) };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export async function getFederationToken(call: StsCall): Promise<Result> {
  const { action, parameters, caller, contextWith, state } = call;
  const keys = assertLongTerm(action, caller);
  const { account } = caller;
  const name = parameters.get("Name") ?? "";
  const arn = `arn:aws:sts::${account}:federated-user/${name}`;
  const question = { action: `sts:${action}`, resource: arn, account, context: {}, named: arn };
  await state.decide(caller, question, contextWith(undefined));
  const sessionPolicies = await sessionPoliciesIn(parameters, state.accounts(account));
  const user = keys.kind === "user" ? keys.name : "";
  const of = { kind: "federated" as const, account, name, user, issuedAt: new Date(), sessionPolicies };
  return {
    Credentials: credentialsResult(state.credentials.issue(of, secondsOf(parameters, caller))),
    FederatedUser: { FederatedUserId: `${account}:${name}`, Arn: arn },
    PackedPolicySize: "6",
  };
}

/** Only access keys of a user or of the root user get such a session. */
function assertLongTerm(action: string, caller: Caller) {
  const { kind, account } = caller;
  if (kind === "root" && !caller.session) return { kind, account };
  if (kind === "user" && !caller.session) return { kind, account, name: caller.name };
  throw awsError("sessionAsksSession", action);
}

function secondsOf(parameters: URLSearchParams, caller: Caller): number {
  return durationIn(parameters, caller.kind === "root" ? MOST_OF_ROOT : MOST, BY_DEFAULT);
}
