import type { Budget } from "./budget";
import { type Found, found, NONE, UNDECIDED } from "./found";
import {
  accepts,
  fold,
  foldCharacter,
  isUnbound,
  letterOf,
  type Pattern,
  readable,
  type StringSet,
  widened,
} from "./pattern";

/**
 * Finds the shortest text that is in every set of `all` and matches no excluded pattern: a breadth-first search through the
 * product of their automata, by bit-parallel simulation, with a bit for each place in each pattern. An unknown part is a
 * letter of its own; with `every` the text must be outside the excluded whatever the letter means.
 */
export function searchAutomata(
  all: readonly StringSet[],
  excluded: StringSet,
  budget: Budget,
  fillings: "every" | "new",
): Found<string> {
  const machine = assemble(all, fillings === "every" ? excluded.map(widened) : excluded, budget);
  if (machine === undefined) return UNDECIDED;
  const { words, stars, moves, required, forbidden } = machine;
  const cost = 1 + words / 8;
  const seen = new Set([keyOf(machine.start)]);
  const queue: Step[] = [{ state: machine.start, letter: "", before: undefined }];
  for (const step of queue) {
    if (required.every(({ ends }) => meets(step.state, ends)) && !meets(step.state, forbidden))
      return found(readable(lettersOf(step)));
    for (const [letter, move] of moves) {
      if (!budget.spend(cost)) return UNDECIDED;
      const state = advance(step.state, move, stars);
      if (fillings === "every" && letter.length > 1) reachAhead(step.state, state, machine, letter);
      if (!required.every(({ places }) => meets(state, places))) continue;
      const key = keyOf(state);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ state, letter, before: step });
    }
  }
  return NONE;
}

interface Step {
  readonly state: Uint32Array;
  readonly letter: string;
  readonly before: Step | undefined;
}

function lettersOf(last: Step): readonly string[] {
  const letters: string[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.before) letters.push(step.letter);
  return letters.reverse();
}

interface Move {
  readonly onward: Uint32Array;
  readonly stay: Uint32Array;
}

interface Machine {
  readonly words: number;
  readonly start: Uint32Array;
  readonly stars: Uint32Array;
  /** For each set that must match: all of its places, and those at the end of a pattern. */
  readonly required: readonly { readonly places: Uint32Array; readonly ends: Uint32Array }[];
  readonly forbidden: Uint32Array;
  /** The first and the last place of each excluded pattern. */
  readonly excluded: readonly (readonly [first: number, last: number])[];
  /** The places that only a colon leaves. */
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

/** An unknown part may be any text within its bounds, so that an excluded pattern may be at any later place after it. */
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

/** A place before a wildcard for many is also the one after it. No two such wildcards are adjacent. */
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

/** The only character, apart from capital letters, that folds into an ASCII letter. */
const KELVIN_SIGN = "\u212a";

/** Every character that the patterns distinguish, and one or two for all others. */
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
  // A pattern that requires a digit distinguishes digits from the rest, but not those that no pattern names.
  const digit = fresh("0123456789");
  if (digit !== undefined) chars.add(digit);
  return chars;
}
