import { encodeCondition } from "../encode/condition";
import { MFA_AGE, type MfaContext } from "../mfa-context";
import type { Condition, Statement } from "../policy/model";
import { floorOf, parseNumber } from "../solver/interval";
import { atomHolds } from "../solver/key-value";

/** The MFA keys of a request: one of the two contexts without MFA, or an MFA of this age in seconds. */
export type MfaState =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "true"; readonly age: number };

export const ABSENT: MfaState = { kind: "absent" };
export const FALSE: MfaState = { kind: "false" };
export const FRESH: MfaState = { kind: "true", age: 0 };

/** Whether MFA conditions are met together; `undefined` if an unknown value or an undocumented case decides. */
export function areMet(
  conditions: readonly Condition[],
  state: MfaState,
  statement: Statement,
): boolean | undefined {
  const each = conditions.map((condition) => isMet(condition, state, statement));
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}

/** Whether one MFA condition of a statement is met. */
export function isMet(condition: Condition, state: MfaState, statement: Statement): boolean | undefined {
  const encoded = encodeCondition(condition, statement, { context: contextOf(state), caller: "user" });
  if (typeof encoded === "boolean") return encoded;
  if (condition.key !== MFA_AGE || state.kind !== "true") return undefined;
  const holds = atomHolds(encoded.atom, [String(state.age)]);
  return holds === undefined ? undefined : holds === encoded.holds;
}

/** An MFA of this age is older than one second less. */
function contextOf(state: MfaState): MfaContext {
  return state.kind === "true" ? { kind: "stale", maxAgeSeconds: state.age - 1 } : state;
}

/** Every state that the conditions can tell apart: their truth changes only at an age that one of them names. */
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
