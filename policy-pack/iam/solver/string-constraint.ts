import type { Budget } from "./budget";
import { areDisjoint, intersect, likelyIntersections } from "./disjoint";
import {
  accepts,
  type Extent,
  fold,
  foldCharacter,
  isEverything,
  isUnbound,
  isWider,
  letterOf,
  matches,
  type Pattern,
  pattern,
  readable,
  sample,
  subsumes,
  widened,
} from "./pattern";

/** A set of texts: those that at least one of the patterns matches. */
export type StringSet = readonly Pattern[];

export type Found<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "none" | "undecided" };

export const NONE = { kind: "none" } as const;
export const UNDECIDED = { kind: "undecided" } as const;

export function found<T>(value: T): Found<T> {
  return { kind: "found", value };
}

export function inSet(set: StringSet, text: string): boolean {
  return set.some((candidate) => matches(candidate, text));
}

/**
 * What is asked of parts that are not known yet: whether there is an answer for `some` values of them, for `every`, or
 * for `new` ones that are equal to nothing else. "None" is a proof under `some`, and an answer is one under `every`.
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

/** What is within a part of an ARN in one place is so in every other, since it is the same value. */
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

/** Whether each pattern is seen to be within one of the others; also no when the budget is spent. */
function isWithin(set: StringSet, outer: StringSet, budget: Budget): boolean {
  const holds = (wide: Pattern, narrow: Pattern) =>
    budget.spend(0.05 + (wide.tokens.length * narrow.tokens.length) / 200) && subsumes(wide, narrow);
  return set.every((inner) => outer.some((each) => holds(each, inner)));
}

/** Cheap answers come first; what is left is a search through the product of the patterns' automata. */
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

/** Patterns that may share a text with two sets: of the first few, since each has to be tried. */
function guesses([first = [], second = []]: readonly StringSet[]): StringSet {
  return first
    .slice(0, 4)
    .flatMap((one) => second.slice(0, 4).flatMap((other) => likelyIntersections(one, other)));
}

/** The sets with as many of them as can be put together in one, which have the same texts in common. */
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

/** The patterns that share a text with some pattern of every set, as far as is seen at once. */
function meeting(set: StringSet, others: readonly StringSet[]): StringSet {
  return set.filter((each) => others.every((other) => other.some((one) => !areDisjoint(each, one))));
}

/** Only patterns that are a text, and no other pattern that could tell two spellings of the same text apart. */
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

/**
 * Breadth-first search through all patterns at once. The state is one bit for each place in each pattern
 * (bit-parallel simulation of a nondeterministic automaton), so that the shortest text is found first. A part that is
 * not known is a letter of its own; with `every` the text must be outside the excluded whatever the letter means.
 */
function searchAutomata(
  all: readonly StringSet[],
  excluded: StringSet,
  budget: Budget,
  fillings: "every" | "new",
): Found<string> {
  const machine = assemble(all, fillings === "every" ? excluded.map(widened) : excluded, budget);
  if (machine === undefined) return UNDECIDED;
  const { words, stars, moves, required, forbidden } = machine;
  const cost = 1 + words / 8;
  interface Step {
    readonly state: Uint32Array;
    readonly char: string;
    readonly before: Step | undefined;
  }
  const start: Step = { state: machine.start, char: "", before: undefined };
  const seen = new Set<string>([keyOf(start.state)]);
  const queue: Step[] = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const step = queue[at];
    if (step === undefined) break;
    if (required.every(({ ends }) => meets(step.state, ends)) && !meets(step.state, forbidden)) {
      return found(spell(step));
    }
    for (const [char, move] of moves) {
      if (!budget.spend(cost)) return UNDECIDED;
      const state = advance(step.state, move, stars);
      if (fillings === "every" && char.length > 1) reachAhead(step.state, state, machine, char);
      if (!required.every(({ places }) => meets(state, places))) continue;
      const key = keyOf(state);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ state, char, before: step });
    }
  }
  return NONE;

  function spell(step: Step): string {
    const chars: string[] = [];
    for (let at: Step | undefined = step; at !== undefined; at = at.before) chars.push(at.char);
    return readable(chars.reverse());
  }
}

interface Move {
  readonly onward: Uint32Array;
  readonly stay: Uint32Array;
}

interface Machine {
  readonly words: number;
  readonly start: Uint32Array;
  readonly stars: Uint32Array;
  /** For each set that must match: all of its places, and those at which a pattern has been spelt to its end. */
  readonly required: readonly { readonly places: Uint32Array; readonly ends: Uint32Array }[];
  readonly forbidden: Uint32Array;
  /** The first and the last place of each excluded pattern. */
  readonly excluded: readonly (readonly [first: number, last: number])[];
  /** The places that only a colon leads on from. */
  readonly colons: Uint32Array;
  readonly moves: ReadonlyMap<string, Move>;
}

function assemble(all: readonly StringSet[], none: StringSet, budget: Budget): Machine | undefined {
  const sets = [...all, none];
  const alphabet = alphabetOf(sets.flat());
  const width = sets.flat().reduce((sum, { tokens }) => sum + tokens.length + 1, 0);
  if (!budget.spend((width * alphabet.size) / 100)) return undefined;
  const words = Math.ceil(width / 32);
  const moves = new Map(
    Array.from(alphabet, (char) => [char, { onward: new Uint32Array(words), stay: new Uint32Array(words) }]),
  );
  const start = new Uint32Array(words);
  const stars = new Uint32Array(words);
  const colons = new Uint32Array(words);
  const required: { places: Uint32Array; ends: Uint32Array }[] = [];
  let place = 0;
  let excluded: [number, number][] = [];
  for (const set of sets) {
    const places = new Uint32Array(words);
    const ends = new Uint32Array(words);
    excluded = [];
    for (const { tokens, ignoreCase } of set) {
      mark(start, place);
      excluded.push([place, place + tokens.length]);
      for (const token of tokens) {
        mark(places, place);
        if (token.kind === "many") mark(stars, place);
        if (token.kind === "char" && token.char === ":") mark(colons, place);
        for (const [char, move] of moves) {
          if (accepts(token, ignoreCase ? foldCharacter(char) : char)) {
            mark(token.kind === "many" ? move.stay : move.onward, place);
          }
        }
        place += 1;
      }
      mark(places, place);
      mark(ends, place);
      place += 1;
    }
    required.push({ places, ends });
  }
  const forbidden = required.pop()?.ends ?? new Uint32Array(words);
  skipStars(start, stars);
  return { words, start, stars, required, forbidden, excluded, colons, moves };
}

/** What is not known may be any text within its bounds, so that an excluded pattern may be at any later place behind it. */
function reachAhead(from: Uint32Array, to: Uint32Array, { excluded, colons }: Machine, letter: string): void {
  for (const [first, last] of excluded) {
    let isReached = false;
    for (let place = first; place <= last; place += 1) {
      isReached ||= isMarked(from, place);
      if (isReached) mark(to, place);
      if (isMarked(colons, place) && !isUnbound(letter)) isReached = false;
    }
  }
}

function isMarked(bits: Uint32Array, place: number): boolean {
  return ((bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
}

function mark(bits: Uint32Array, place: number): void {
  const word = place >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (place & 31));
}

function meets(state: Uint32Array, mask: Uint32Array): boolean {
  return state.some((word, index) => (word & (mask[index] ?? 0)) !== 0);
}

/** A place before a wildcard for many is also a place behind it. Two such wildcards never stand side by side. */
function skipStars(state: Uint32Array, stars: Uint32Array): void {
  let carry = 0;
  for (let word = 0; word < state.length; word += 1) {
    const moving = (state[word] ?? 0) & (stars[word] ?? 0);
    state[word] = (state[word] ?? 0) | (moving << 1) | carry;
    carry = moving >>> 31;
  }
}

function advance(state: Uint32Array, { onward, stay }: Move, stars: Uint32Array): Uint32Array {
  const next = new Uint32Array(state.length);
  let carry = 0;
  for (let word = 0; word < state.length; word += 1) {
    const moving = (state[word] ?? 0) & (onward[word] ?? 0);
    next[word] = (moving << 1) | carry | ((state[word] ?? 0) & (stay[word] ?? 0));
    carry = moving >>> 31;
  }
  skipStars(next, stars);
  return next;
}

function keyOf(state: Uint32Array): string {
  return String.fromCharCode(...new Uint16Array(state.buffer));
}

/** The one character beside the capital letters that folds into a letter of ASCII. */
const KELVIN_SIGN = "\u212a";

/** Every character that the patterns tell apart, and one or two that stand for all others. */
function alphabetOf(patterns: readonly Pattern[]): Set<string> {
  const chars = new Set<string>();
  const caseMatters = patterns.some((candidate) => !candidate.ignoreCase);
  for (const candidate of patterns) {
    for (const token of candidate.tokens) {
      if (token.kind === "char") {
        chars.add(token.char);
        if (candidate.ignoreCase && caseMatters) {
          chars.add(token.char.toUpperCase().charAt(0));
          if (token.char === "k") chars.add(KELVIN_SIGN);
        }
      } else if (token.kind === "unknown") chars.add(letterOf(token));
      else if (token.kind !== "digit" && token.within !== "text") {
        chars.add(":");
        if (token.within === "name") chars.add("/");
      }
    }
  }
  const known = new Set(Array.from(chars, fold));
  const fresh = (pool: string) => pool.split("").find((char) => !known.has(char));
  chars.add(fresh("abcdefghijklmnopqrstuvwxyz-_.") ?? String.fromCharCode(0x2460));
  // A pattern that asks for a digit tells it from the rest; every digit that no pattern names is as good as another.
  const digit = fresh("0123456789");
  if (digit !== undefined) chars.add(digit);
  return chars;
}
