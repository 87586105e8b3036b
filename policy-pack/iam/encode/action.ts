import { memoize } from "../memoize";
import type { Selection, Statement } from "../policy/model";
import type { Text } from "../policy/unknown";
import type { Literal } from "../solver/formula";
import { inSet } from "../solver/match";
import { exactPattern, isEverything, type Pattern, type StringSet, widened } from "../solver/pattern";
import { glob } from "./policy-pattern";
import { ACTION, isIn } from "./variable";

/**
 * How to read what is unknown, or not documented, in a statement: `narrow` as what it surely matches, `wide` as what it may
 * match.
 */
export type Reading = "narrow" | "wide";

/** Reads an action pattern, without regard to case. It cannot contain policy variables. */
export function actionPattern(source: Text): Pattern {
  return glob(source, { variables: false, ignoreCase: true }) ?? NOTHING;
}

/** No action has `${` in its name. */
const NOTHING: Pattern = exactPattern("\u0000", true);

/** The patterns of known entries, and all that unknown entries may be. */
interface ActionSet {
  readonly known: StringSet;
  readonly possible: StringSet;
}

/** Each list is asked about in every context and for every call. */
const sets = new WeakMap<Selection<Text>, ActionSet>();

function actionSet(selection: Selection<Text>): ActionSet {
  return memoize(sets, selection, () => {
    const patterns = selection.entries.map(actionPattern);
    return {
      known: patterns.filter((each) => each.hasUnknown === undefined),
      possible: patterns.filter((each) => each.hasUnknown === true).map(widened),
    };
  });
}

/** Whether a statement's `Action` or `NotAction` matches an action. `undefined`: unknown. */
export function matchesAction(selection: Selection<Text>, action: string): boolean | undefined {
  const { known, possible } = actionSet(selection);
  if (inSet(known, action)) return !selection.negated;
  return inSet(possible, action) ? undefined : selection.negated;
}

/** That a statement's `Action` or `NotAction` matches the action of the request. */
export function encodeAction({ actions }: Statement, reading: Reading): boolean | Literal {
  const { known, possible } = actionSet(actions);
  const isCounted = actions.negated === (reading === "narrow");
  const set = isCounted && possible.length > 0 ? [...known, ...possible] : known;
  return encodeSelection(ACTION, set, actions.negated);
}

/** That a variable is in a set, or, negated, outside it. */
export function encodeSelection(variable: string, set: StringSet, negated: boolean): boolean | Literal {
  if (set.some(isEverything)) return !negated;
  return { ...isIn(variable, set), holds: !negated };
}
