import { searchAutomata } from "./automata";
import type { Budget } from "./budget";
import { areDisjoint, intersect, likelyIntersections } from "./disjoint";
import { type Found, found, NONE, UNDECIDED } from "./found";
import { inSet, subsumes } from "./match";
import {
  type Extent,
  isEverything,
  isWider,
  type Pattern,
  pattern,
  type StringSet,
  sample,
  widened,
} from "./pattern";

/**
 * The values of unknown parts for which a text is searched: `some` values, `every` value, or `new` ones that are equal to
 * nothing else. Under `some`, "none" is a proof; under `every`, a text that is found.
 */
export type Fillings = "some" | "every" | "new";

/** Finds a text that is in every set of `all` and in no set of `none`, or proves that there is none. */
export function findString(
  all: readonly StringSet[],
  none: readonly StringSet[],
  prefer: readonly string[],
  budget: Budget,
  fillings: Fillings = "some",
): Found<string> {
  if (![...all, ...none].some(hasUnknown)) return findKnown(all, none, prefer, budget);
  const reaches = reachesOf([...all, ...none].flat());
  const within = all.map((set) => bounded(set, reaches));
  const excluded = bounded(none.flat(), reaches);
  if (joined(within, budget).some((set) => isWithin(set, excluded, budget))) return NONE;
  if (fillings !== "some") {
    const inTheWay = meeting(excluded, within);
    const [[example] = [], ...others] = within;
    if (example !== undefined && others.length === 0 && inTheWay.length === 0)
      return found(sample(example, ""));
    return searchAutomata(within, inTheWay, budget, fillings);
  }
  const known = excluded.filter((candidate) => candidate.hasUnknown === undefined);
  return findKnown(
    within.map((set) => set.map(widened)),
    [known],
    prefer,
    budget,
  );
}

export function hasUnknown(set: StringSet): boolean {
  return set.some((candidate) => candidate.hasUnknown === true);
}

/** An unknown value that is within a part of an ARN in one place is so in every other. */
function reachesOf(set: StringSet): ReadonlyMap<string, Extent> {
  const reaches = new Map<string, Extent>();
  for (const token of set.flatMap(({ tokens }) => tokens)) {
    if (token.kind !== "unknown") continue;
    const before = reaches.get(token.id) ?? token.within;
    reaches.set(token.id, isWider(before, token.within) ? token.within : before);
  }
  return reaches;
}

function bounded(set: StringSet, reaches: ReadonlyMap<string, Extent>): StringSet {
  return set.map((candidate) => {
    if (candidate.hasUnknown === undefined) return candidate;
    const tokens = candidate.tokens.map((token) =>
      token.kind === "unknown" ? { ...token, within: reaches.get(token.id) ?? token.within } : token,
    );
    return pattern(tokens, candidate.ignoreCase);
  });
}

/** Whether each pattern is seen to be within one of the others; false if the budget is spent. */
function isWithin(set: StringSet, outer: StringSet, budget: Budget): boolean {
  const holds = (wide: Pattern, narrow: Pattern) =>
    budget.spend(0.05 + (wide.tokens.length * narrow.tokens.length) / 200) && subsumes(wide, narrow);
  return set.every((inner) => outer.some((each) => holds(each, inner)));
}

/** Cheap answers first, then a search through the product of the patterns' automata. */
function findKnown(
  all: readonly StringSet[],
  none: readonly StringSet[],
  prefer: readonly string[],
  budget: Budget,
): Found<string> {
  const excluded = none.flat();
  if (excluded.some(isEverything)) return NONE;
  const places = [...all.flat(), ...excluded].reduce((sum, { tokens }) => sum + tokens.length, 0);
  const fits = (text: string) =>
    budget.spend(0.2 + (places * text.length) / 10_000) &&
    all.every((set) => inSet(set, text)) &&
    !inSet(excluded, text);

  const finite = all.find((set) => hasOnlyLiterals(set, all, none));
  if (finite !== undefined) {
    const text = finite.map((candidate) => candidate.text ?? "").find(fits);
    if (text !== undefined) return found(text);
    return budget.spent ? UNDECIDED : NONE;
  }
  const easy = prefer.find(fits) ?? samples(all).find(fits);
  if (easy !== undefined) return found(easy);
  if (all.some((set) => isWithin(set, excluded, budget))) return NONE;
  const together = joined(
    all.map((set) => meeting(set, all)),
    budget,
  );
  if (together.some((set) => isWithin(set, excluded, budget))) return NONE;
  const likely = samples(together).find(fits) ?? samples([guesses(together)]).find(fits);
  if (likely !== undefined) return found(likely);
  const sets = together.map((set) => meeting(set, together));
  return searchAutomata(sets, meeting(excluded, sets), budget, "new");
}

/** Patterns that may share a text with two sets, for the first few of each, since all must be tried. */
function guesses([first = [], second = []]: readonly StringSet[]): StringSet {
  return first
    .slice(0, 4)
    .flatMap((one) => second.slice(0, 4).flatMap((other) => likelyIntersections(one, other)));
}

/** The sets, as many as possible replaced by their intersection. */
function joined(all: readonly StringSet[], budget: Budget): readonly StringSet[] {
  const apart: StringSet[] = [];
  for (const set of all) {
    const last = apart.at(-1);
    const both = last === undefined ? undefined : intersection(last, set, budget);
    if (both === undefined) apart.push(set);
    else apart[apart.length - 1] = both;
  }
  return apart;
}

function intersection(one: StringSet, other: StringSet, budget: Budget): StringSet | undefined {
  const both: Pattern[] = [];
  for (const a of one) {
    for (const b of other) {
      if (areDisjoint(a, b)) continue;
      if (!budget.spend(0.2 + (a.tokens.length * b.tokens.length) / 100)) return undefined;
      const met = intersect(a, b);
      if (met === undefined) return undefined;
      both.push(met);
    }
  }
  return both;
}

/** The patterns that may share a text with some pattern of every set. */
function meeting(set: StringSet, others: readonly StringSet[]): StringSet {
  return set.filter((each) => others.every((other) => other.some((one) => !areDisjoint(each, one))));
}

/** Whether every pattern is a text, and no other pattern distinguishes two spellings of the same text. */
function hasOnlyLiterals(set: StringSet, all: readonly StringSet[], none: readonly StringSet[]): boolean {
  if (!set.every((candidate) => candidate.text !== undefined)) return false;
  if (set.every((candidate) => !candidate.ignoreCase)) return true;
  return [...all, ...none].every((other) => other.every((candidate) => candidate.ignoreCase));
}

function samples(all: readonly StringSet[]): string[] {
  const sets =
    all.length === 0 ? [] : [all.reduce((least, set) => (set.length < least.length ? set : least))];
  return ["x", ...sets.flat().flatMap((candidate) => [sample(candidate, ""), sample(candidate, "x")])];
}
