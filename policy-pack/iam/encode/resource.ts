import { memoize } from "../memoize";
import type { Selection, Statement } from "../policy/model";
import { partsOf, type Text, Unknown } from "../policy/unknown";
import type { Literal } from "../solver/formula";
import { isEverything, type Pattern, widened } from "../solver/pattern";
import { encodeSelection, type Reading } from "./action";
import { arnPattern, glob } from "./policy-pattern";
import { RESOURCE } from "./variable";

/** That a statement's `Resource` or `NotResource` matches the resource of the request. */
export function encodeResource({ resources, variables }: Statement, reading: Reading): boolean | Literal {
  if (resources === undefined) return true;
  const known = memoize(encoded, resources, () => new Map());
  return memoize(known, `${variables} ${reading}`, () => {
    const entries = resources.negated === (reading === "wide") ? "narrow" : "wide";
    const set = resources.entries.flatMap((each) => resourcePattern(each, variables, entries) ?? []);
    return encodeSelection(RESOURCE, set, resources.negated);
  });
}

/** Each list is asked about in every context and for every call. */
const encoded = new WeakMap<Selection<Text>, Map<string, boolean | Literal>>();

/**
 * The resources that an entry matches: surely (`narrow`), `undefined` for none, or possibly (`wide`). AWS does not document
 * whether a wildcard passes a colon. An unknown part and a policy variable may be any text.
 */
export function resourcePattern(entry: Text, variables: boolean, reading: Reading): Pattern | undefined {
  const options = { variables, ignoreCase: false };
  const read = glob(entry, options);
  if (reading === "wide") {
    const whole = read ?? glob(withoutVariables(entry), options);
    return whole && widened(whole);
  }
  if (read === undefined || read.hasUnknown === true) return undefined;
  return isEverything(read) ? read : arnPattern(entry, options);
}

function withoutVariables(entry: Text): Text {
  const parts = partsOf(entry).map((part) =>
    typeof part === "string" ? part.replace(/\$\{[^}]*\}?/g, "*") : part,
  );
  return Unknown.text("a resource", parts);
}
