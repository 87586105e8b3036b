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

/**
 * The same for a Deny that is read to match as far as unknown values decide it. A policy variable, which only the request decides,
 * still keeps it from matching, and a wildcard passes a colon.
 */
export function encodeResourceOfDeny({ resources, variables }: Statement): boolean | Literal {
  if (resources === undefined) return true;
  const known = memoize(encoded, resources, () => new Map());
  return memoize(known, `${variables} best`, () => {
    const { negated, entries } = resources;
    const patterns = entries.map((each) => glob(each, { variables, ignoreCase: false }));
    if (negated && patterns.includes(undefined)) return false;
    const set = patterns.flatMap((each) => {
      if (each?.hasUnknown !== true) return each ?? [];
      return negated ? [] : widened(each);
    });
    return encodeSelection(RESOURCE, set, negated);
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

/** With a wildcard for each policy variable. The rest is one from a variable on that an unknown part may close. */
function withoutVariables(entry: Text): Text {
  const parts: (string | Unknown)[] = [];
  for (const part of partsOf(entry)) {
    const [closed = "", open] =
      typeof part === "string" ? part.replace(/\$\{[^}]*\}/g, "*").split("${", 2) : [part];
    parts.push(closed);
    if (open !== undefined) return Unknown.text("a resource", [...parts, "*"]);
  }
  return Unknown.text("a resource", parts);
}
