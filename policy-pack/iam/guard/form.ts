import type { Condition, Policy } from "../policy/model";
import { findUnguardedSession } from "./session";
import { CALLED_VIA, type Call, findUnguarded, type GuardQuery } from "./unguarded";
import type { GuardForm, GuardRules, GuardWitness } from "./verdict";

/** Calls that need no earlier call of the caller. */
const OWN_CALLS: readonly Call[] = ["own", "mcp"];

/** The form in which the policies are a guard, or a request that gets past them. */
export function formOrWitness(question: GuardQuery): GuardForm | GuardWitness {
  const witness = findUnguarded(question);
  if (witness === undefined) return findUnguardedSession(question) ?? "complete";
  const ownCalls = { ...question, calls: OWN_CALLS };
  if (!isSelfService(question.rules) || findUnguarded(ownCalls) !== undefined) return witness;
  const keys = question.policies.flatMap(denyConditions).map(({ key }) => key);
  const isNamed = keys.some((key) => key.startsWith(CALLED_VIA));
  return findUnguardedSession(ownCalls) ?? (isNamed ? "called-via" : "via-aws-service");
}

export function isGuard(question: GuardQuery): boolean {
  return typeof formOrWitness(question) === "string";
}

/**
 * Whether no allowed action makes a service call another for the caller, so that a caller without MFA cannot reach a service
 * that does.
 */
export function isSelfService({ allowedWithoutMfa }: GuardRules): boolean {
  return allowedWithoutMfa.every((each) => /^(iam|sts):/i.test(each));
}

function denyConditions({ statements }: Policy): readonly Condition[] {
  return statements.flatMap(({ effect, conditions }) => (effect === "Deny" ? conditions : []));
}
