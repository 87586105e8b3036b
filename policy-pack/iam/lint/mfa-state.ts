import { encodeCondition } from "../encode/condition";
import { MFA_AGE, type MfaContext } from "../mfa-context";
import type { Condition, Policy, Statement } from "../policy/model";
import { floorOf, parseNumber } from "../solver/interval";
import { atomHolds } from "../solver/key-value";

/** What a request carries of the MFA keys: one of the two contexts without MFA, or a true one of this age in seconds. */
export type MfaState =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "true"; readonly age: number };

export const ABSENT: MfaState = { kind: "absent" };
export const FALSE: MfaState = { kind: "false" };
export const FRESH: MfaState = { kind: "true", age: 0 };

/** Whether MFA conditions are met together; `undefined` when it depends on what is not known or not documented. */
export function areMet(
  conditions: readonly Condition[],
  state: MfaState,
  statement: Statement,
  policy: Policy,
): boolean | undefined {
  const each = conditions.map((condition) => isMet(condition, state, statement, policy));
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}

/** Whether one MFA condition of a statement is met. */
export function isMet(
  condition: Condition,
  state: MfaState,
  { effect }: Statement,
  { version }: Policy,
): boolean | undefined {
  const variables = version === "2012-10-17";
  const compiled = encodeCondition(condition, {
    context: contextOf(state),
    effect,
    variables,
    caller: "user",
  });
  if (typeof compiled === "boolean") return compiled;
  if (condition.key !== MFA_AGE || state.kind !== "true") return undefined;
  const holds = atomHolds(compiled.atom, [String(state.age)]);
  return holds === undefined ? undefined : holds === compiled.holds;
}

/** An MFA of this age is one that is older than a second less. */
function contextOf(state: MfaState): MfaContext {
  return state.kind === "true" ? { kind: "stale", maxAgeSeconds: state.age - 1 } : state;
}

/** Every state that the conditions can tell apart: an age only matters where a condition's number divides the ages. */
export function statesFor(conditions: readonly Condition[]): readonly MfaState[] {
  const ages = conditions
    .filter(({ key }) => key === MFA_AGE)
    .flatMap(({ values }) => values)
    .flatMap((value) => (typeof value === "string" ? (parseNumber(value) ?? []) : []))
    .map(floorOf)
    .flatMap((age) => [age - 1, age, age + 1])
    .filter((age) => Number.isSafeInteger(age) && age > 0);
  return [ABSENT, FALSE, FRESH, ...[...new Set(ages)].map((age): MfaState => ({ kind: "true", age }))];
}
