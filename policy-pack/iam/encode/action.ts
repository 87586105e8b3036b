import { memoize } from "../memoize";
import type { Selection } from "../policy/model";
import type { Text } from "../policy/unknown";
import { exactPattern, type Pattern, widened } from "../solver/pattern";
import { inSet, type StringSet } from "../solver/string-constraint";
import { glob } from "./policy-pattern";

/** Reads an action pattern; case does not count, and policy variables mean nothing in it. */
export function actionPattern(source: Text): Pattern {
  return glob(source, { variables: false, ignoreCase: true }) ?? NOTHING;
}

/** A name with `${` in it is no action's. */
const NOTHING: Pattern = exactPattern("\u0000", true);

interface ActionSet {
  readonly known: StringSet;
  readonly possible: StringSet;
}

/** A list is asked about in each context and for each call. */
const read = new WeakMap<Selection<Text>, ActionSet>();

/** The patterns of a list, and what those may be that are not known yet. */
export function actionSet(selection: Selection<Text>): ActionSet {
  return memoize(read, selection, () => {
    const patterns = selection.entries.map(actionPattern);
    return {
      known: patterns.filter((each) => each.hasUnknown === undefined),
      possible: patterns.filter((each) => each.hasUnknown === true).map(widened),
    };
  });
}

/** Whether a statement's `Action` or `NotAction` is about this action. `undefined`: not known yet. */
export function isAbout(selection: Selection<Text>, action: string): boolean | undefined {
  const { known, possible } = actionSet(selection);
  if (inSet(known, action)) return !selection.negated;
  return inSet(possible, action) ? undefined : selection.negated;
}
