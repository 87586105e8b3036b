import { actionPattern } from "../encode/action";
import { ACTION, isIn, isNotIn } from "../encode/variable";
import { contextsWithoutMfa } from "../mfa-context";
import type { Policy } from "../policy/model";
import type { Budget } from "../solver/budget";
import { matches } from "../solver/match";
import { findRequest, type GuardQuery } from "./unguarded";
import type { GuardRules, GuardWitness } from "./verdict";

const FEDERATION = actionPattern("sts:GetFederationToken");
/** Of STS, such a session may call `GetCallerIdentity` alone. */
const STS = actionPattern("sts:*");

/**
 * A request of a session of `sts:GetFederationToken` that no Deny stops, if that call is allowed without MFA. The session
 * carries the policies of its user but has an ARN and keys of its own, so that a Deny for users does not match it. A session
 * of `sts:GetSessionToken` is the user's own; a role's has the role's policies.
 * Source: IAM user guide, "Permissions for GetFederationToken", "Compare AWS STS credentials".
 */
export function findUnguardedSession(query: GuardQuery): GuardWitness | undefined {
  const opened = findOpening(query);
  if (opened === undefined) return undefined;
  const action = isNotIn(ACTION, [...query.rules.allowedWithoutMfa.map(actionPattern), STS]);
  const witness = findRequest(query, { caller: "federated-user", contexts: contextsWithoutMfa(), action });
  return witness && { ...witness, exact: witness.exact && opened.exact };
}

/** Whether a user with these policies may open a session of `sts:GetFederationToken` without MFA. */
export function opensSession(policies: readonly Policy[], rules: GuardRules, budget: Budget): boolean {
  return findOpening({ policies, rules, budget, assumption: "worst", calls: [], likely: [] }) !== undefined;
}

/** The call requires a user's access keys, so that no service makes it for a caller. */
function findOpening(query: GuardQuery): GuardWitness | undefined {
  const isAllowed = query.rules.allowedWithoutMfa.some((each) =>
    matches(actionPattern(each), "sts:getfederationtoken"),
  );
  if (!isAllowed) return undefined;
  const action = isIn(ACTION, [FEDERATION]);
  return findRequest(
    { ...query, calls: ["own"] },
    { caller: "user", contexts: [{ kind: "absent" }], action },
  );
}
