import { memoize } from "../memoize";
import type { Selection, Statement } from "../policy/model";
import { partsOf, type Text, Unknown } from "../policy/unknown";
import { type Literal, literal } from "../solver/formula";
import { isEverything, type Pattern, widened } from "../solver/pattern";
import { encodeSelection, type Reading } from "./action";
import { arnPattern, glob } from "./policy-pattern";
import { RESOURCE } from "./variable";

/**
 * That a statement's `Resource` or `NotResource` matches the resource of the request. `best`: that of a Deny, to match as far as
 * unknown values decide it.
 */
export function encodeResource(
  { resources, variables }: Statement,
  reading: Reading | "best",
): boolean | Literal {
  if (resources === undefined) return true;
  const known = memoize(encoded, resources, () => new Map());
  return memoize(known, `${variables} ${reading}`, () =>
    reading === "best" ? encodeBest(resources, variables) : encode(resources, variables, reading),
  );
}

/** Each list is asked about in every context and for every call. */
const encoded = new WeakMap<Selection<Text>, Map<string, boolean | Literal>>();

function encode(
  { negated, entries }: Selection<Text>,
  variables: boolean,
  reading: Reading,
): boolean | Literal {
  const read = (as: Reading) => entries.flatMap((each) => resourcePattern(each, variables, as) ?? []);
  const [wide, narrow] = [read("wide"), read("narrow")];
  const [set, surely] = reading === "wide" ? [wide, narrow] : [narrow, wide];
  const selected = encodeSelection(RESOURCE, negated ? surely : set, negated);
  if (typeof selected === "boolean" || narrow.length < entries.length) return selected;
  // The same ARN patterns match in both of two statements or in neither, however far a wildcard reaches.
  const id = `${RESOURCE} ${JSON.stringify(entries)}`;
  return { ...literal(RESOURCE, id, { kind: "text", set, surely }), holds: !negated };
}

/** A policy variable, which only the request decides, keeps a Deny from matching, and a wildcard passes a colon. */
function encodeBest({ negated, entries }: Selection<Text>, variables: boolean): boolean | Literal {
  const globs = entries.map((each) => glob(each, { variables, ignoreCase: false }));
  if (negated && globs.includes(undefined)) return false;
  const counted = globs.flatMap((each) => (each === undefined || (negated && each.hasUnknown) ? [] : each));
  return encodeSelection(RESOURCE, counted.map(widened), negated);
}

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
