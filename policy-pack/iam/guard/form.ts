import type { Condition, Policy } from "../policy/model";
import { CALLED_VIA, type Call, findUnguarded, type GuardQuery } from "./unguarded";
import type { GuardForm, GuardRules } from "./verdict";

/** Calls that need no other call of the caller's before them. */
const OWN_CALLS: readonly Call[] = ["own", "mcp"];

/** The form in which the policies are a guard; `undefined` when they are none. */
export function formOf(question: GuardQuery): GuardForm | undefined {
  if (findUnguarded(question) === undefined) return "complete";
  if (!isSelfService(question.rules) || findUnguarded({ ...question, calls: OWN_CALLS }) !== undefined)
    return undefined;
  const keys = question.policies.flatMap(denyConditions).map(({ key }) => key);
  return keys.some((key) => key.startsWith(CALLED_VIA)) ? "called-via" : "via-aws-service";
}

/**
 * Whether the actions that stay open make no service call on for the caller, so that whoever has no MFA has no first
 * call with which to reach one that does.
 */
export function isSelfService({ allowedWithoutMfa }: GuardRules): boolean {
  return allowedWithoutMfa.every((each) => /^(iam|sts):/i.test(each));
}

function denyConditions({ statements }: Policy): readonly Condition[] {
  return statements.flatMap(({ effect, conditions }) => (effect === "Deny" ? conditions : []));
}
