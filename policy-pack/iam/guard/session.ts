import { actionPattern } from "../encode/action";
import { isIn, isNotIn } from "../encode/statement";
import { contextsWithoutMfa } from "../mfa-context";
import type { Policy } from "../policy/model";
import type { Budget } from "../solver/budget";
import { matches } from "../solver/pattern";
import { ACTION, findRequest, type GuardQuery } from "./unguarded";
import type { GuardRules, GuardWitness } from "./verdict";

const FEDERATION = actionPattern("sts:GetFederationToken");
/** Of STS such a session may call `GetCallerIdentity` alone. */
const STS = actionPattern("sts:*");

/**
 * A request of a session of `sts:GetFederationToken` that no Deny stops, where that call is an accepted action. The session
 * carries the policies of the user who opened it, but has an ARN and keys of its own, so that a Deny which is narrowed to
 * users does not reach it. A session of `sts:GetSessionToken` is the user's own; a role's carries the role's policies.
 * Source: IAM user guide, "Permissions for GetFederationToken", "Compare AWS STS credentials".
 */
export function findUnguardedSession(query: GuardQuery): GuardWitness | undefined {
  if (!acceptsFederation(query.rules)) return undefined;
  const opened = findOpening(query);
  if (opened === undefined) return undefined;
  const others = isNotIn(ACTION, [...query.rules.allowedWithoutMfa.map(actionPattern), STS]);
  const asked = { member: "federated-user", contexts: contextsWithoutMfa(), action: others } as const;
  const witness = findRequest(query, asked);
  return witness && { ...witness, exact: witness.exact && opened.exact };
}

/** Whether whoever carries the policies may open a session of `sts:GetFederationToken` without MFA. */
export function opensSession(policies: readonly Policy[], rules: GuardRules, budget: Budget): boolean {
  if (!acceptsFederation(rules)) return false;
  return findOpening({ policies, rules, budget, assumption: "worst", calls: [], likely: [] }) !== undefined;
}

function acceptsFederation({ allowedWithoutMfa }: GuardRules): boolean {
  return allowedWithoutMfa.some((each) => matches(actionPattern(each), "sts:getfederationtoken"));
}

/** It takes a user's access keys, so that no service calls it on for somebody. */
function findOpening(query: GuardQuery): GuardWitness | undefined {
  const asked = {
    member: "user",
    contexts: [{ kind: "absent" }],
    action: isIn(ACTION, [FEDERATION]),
  } as const;
  return findRequest({ ...query, calls: ["own"] }, asked);
}
