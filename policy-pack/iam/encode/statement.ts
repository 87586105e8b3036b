import { MFA_PRESENT } from "../mfa-context";
import type { Condition, Statement } from "../policy/model";
import { type Clause, type Cube, conjunction, type Literal, literal, negation } from "../solver/formula";
import { encodeAction, matchesAction, type Reading } from "./action";
import { encodeCondition, isUnknown } from "./condition";
import type { Origin } from "./domain";
import { encodeResource } from "./resource";
import { CHOICE } from "./variable";

/**
 * What is assumed of unknown values. `worst`: an Allow matches, a Deny does not. `best`: the reverse. An answer that is the
 * same under both is certain.
 */
export type Assumption = "worst" | "best";

function readingOf({ effect }: Statement, assumption: Assumption): Reading {
  return (effect === "Allow") === (assumption === "worst") ? "wide" : "narrow";
}

/** That a statement matches the action, the resource and the condition keys of a request. Principals are left aside. */
export function encodeStatement(
  statement: Statement,
  origin: Origin,
  assumption: Assumption,
  reading = readingOf(statement, assumption),
): Cube {
  const conditions = encodeConditions(statement, origin, assumption);
  if (conditions === "never") return "never";
  const action = encodeAction(statement, reading);
  const isBest = assumption === "best" && statement.effect === "Deny";
  const resource = encodeResource(statement, isBest ? "best" : reading);
  return conjunction(action, resource, ...conditions);
}

/** That none of these Deny statements matches a request. */
export function evasions(
  denies: readonly Statement[],
  origin: Origin,
  assumption: Assumption,
): readonly Clause[] {
  return denies.flatMap((deny) => {
    const clause = negation(encodeStatement(deny, origin, assumption));
    return clause === undefined ? [] : [clause];
  });
}

/** That the conditions of a statement are met, and that choices give it this form. */
export function encodeConditions(statement: Statement, origin: Origin, assumption: Assumption): Cube {
  const parts: (boolean | Literal)[] = [];
  for (const [id, holds] of statement.when ?? []) {
    const variable = `${CHOICE}${id}`;
    parts.push({ ...literal(variable, variable, { kind: "present" }), holds });
  }
  for (const condition of statement.conditions) {
    if (assumption === "best" && isUnknown(condition.values) && !canBeChosen(condition))
      parts.push(statement.effect !== "Allow");
    else parts.push(encodeCondition(condition, statement, origin));
    if (parts.at(-1) === false) return "never";
  }
  return conjunction(...parts);
}

/**
 * Whether the caller may choose a value that meets the condition, whatever the unknown value in it turns out to be; the
 * solver decides whether another condition prevents it. Nobody chooses the MFA keys, true and false.
 */
function canBeChosen({ key, operator: { family } }: Condition): boolean {
  return key !== MFA_PRESENT && family !== "null" && family !== "boolean" && family !== "binary";
}

/** Whether a statement matches an action, with the unknown decided by the assumption. */
export function appliesTo(statement: Statement, action: string, assumption: Assumption): boolean {
  return matchesAction(statement.actions, action) ?? readingOf(statement, assumption) === "wide";
}
