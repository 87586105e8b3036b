import { compileCondition } from "../condition/compile";
import type { Condition, Policy, Statement } from "../document/model";
import { floorOf, parseNumber } from "../solver/line";
import { factHolds } from "../solver/value";
import { MFA_AGE, type World } from "../world";

/** What a request carries of the MFA keys: one of the two worlds without MFA, or a true one of this age in seconds. */
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
  const compiled = compileCondition(condition, {
    world: worldOf(state),
    effect,
    variables,
    caller: "user",
  });
  if (typeof compiled === "boolean") return compiled;
  if (condition.key !== MFA_AGE || state.kind !== "true") return undefined;
  const holds = factHolds(compiled.fact, [String(state.age)]);
  return holds === undefined ? undefined : holds === compiled.holds;
}

/** An MFA of this age is one that is older than a second less. */
function worldOf(state: MfaState): World {
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
