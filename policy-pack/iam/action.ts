import { glob } from "./condition/template";
import type { Selection } from "./document/model";
import { Opaque } from "./opaque";
import { matches, type Pattern } from "./solver/pattern";
import type { TextSet } from "./solver/text";

/** Reads an action pattern; case does not count, and policy variables mean nothing in it. */
export function actionPattern(source: string): Pattern {
  return glob(source, { variables: false, ignoreCase: true }) ?? NOTHING;
}

/** A name with `${` in it is no action's. */
const NOTHING: Pattern = { tokens: [{ kind: "char", char: "\u0000" }], ignoreCase: true, literal: "\u0000" };

/** The patterns of a list, and whether some entry is not known yet. */
export function actionSet({ entries }: Selection<string | Opaque>): { known: TextSet; hasUnknown: boolean } {
  const known = entries.flatMap((entry) => (entry instanceof Opaque ? [] : [actionPattern(entry)]));
  return { known, hasUnknown: known.length < entries.length };
}

/** Whether a statement's `Action` or `NotAction` is about this action. `undefined`: not known yet. */
export function isAbout(selection: Selection<string | Opaque>, action: string): boolean | undefined {
  const { known, hasUnknown } = actionSet(selection);
  if (known.some((each) => matches(each, action))) return !selection.negated;
  return hasUnknown ? undefined : selection.negated;
}
