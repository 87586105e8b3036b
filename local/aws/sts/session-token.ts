import type { Caller } from "../caller";
import { awsError } from "../error";
import type { Result } from "../render";
import { codeIn, credentialsResult, durationIn, type StsCall, sessionPoliciesIn } from "./call";

const MAXIMUM = 129_600;
const MAXIMUM_OF_ROOT = 3600;
const DEFAULT = 43_200;

/**
 * Temporary credentials of the caller. They grant nothing new, so no policy is evaluated.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function getSessionToken({ action, parameters, caller, state }: StsCall): Promise<Result> {
  assertLongTerm(action, caller);
  const seconds = secondsOf(parameters, caller);
  const session = { issuedAt: new Date(), mfa: await codeIn(parameters, caller, state), policies: [] };
  return { Credentials: credentialsResult(state.credentials.issue({ ...caller, session }, seconds)) };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export async function getFederationToken(call: StsCall): Promise<Result> {
  const { action, parameters, caller, contextWith, state } = call;
  assertLongTerm(action, caller);
  const { account, name } = caller;
  const federated = parameters.get("Name") ?? "";
  const arn = `arn:aws:sts::${account}:federated-user/${federated}`;
  const userId = `${account}:${federated}`;
  const question = { action: `sts:${action}`, resource: arn, account, context: {}, named: arn };
  await state.decide(caller, question, contextWith(undefined));
  const session = {
    issuedAt: new Date(),
    policies: await sessionPoliciesIn(parameters, state.accounts(account)),
  };
  const owner = {
    kind: "federated",
    account,
    name,
    arn,
    principalArn: arn,
    userId,
    tags: {},
    session,
  } as const;
  return {
    Credentials: credentialsResult(state.credentials.issue(owner, secondsOf(parameters, caller))),
    FederatedUser: { FederatedUserId: userId, Arn: arn },
    PackedPolicySize: "6",
  };
}

/** Throws AwsError unless the call is signed with access keys of a user or the root user. */
function assertLongTerm(action: string, { session }: Caller): void {
  if (session) throw awsError("temporaryCredentials", action);
}

function secondsOf(parameters: URLSearchParams, caller: Caller): number {
  return durationIn(parameters, caller.kind === "root" ? MAXIMUM_OF_ROOT : MAXIMUM, DEFAULT);
}
