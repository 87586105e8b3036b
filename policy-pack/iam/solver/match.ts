import { memoize } from "../memoize";
import {
  accepts,
  type Extent,
  fold,
  foldCharacter,
  isEverything,
  isWider,
  type Pattern,
  type StringSet,
  type Token,
} from "./pattern";

/** Whether any pattern of a set matches a text. */
export function inSet(set: StringSet, text: string): boolean {
  return set.some((candidate) => matches(candidate, text));
}

/** Whether the pattern matches a text. Linear in practice: only the last wildcard is tried again. */
export function matches(candidate: Pattern, text: string): boolean {
  const subject = candidate.ignoreCase ? fold(text) : text;
  if (candidate.text !== undefined) return candidate.text === subject;
  const { tokens } = candidate;
  const last = tokens.at(-1);
  if (last?.kind === "char" && !subject.endsWith(last.char)) return false;
  if (memoize(narrowing, candidate, () => narrows(tokens))) return matchesFromEveryPlace(tokens, subject);
  let at = 0;
  let token = 0;
  let wildcard = -1;
  let resume = 0;
  while (at < subject.length) {
    const char = subject.charAt(at);
    const current = tokens[token];
    if (current?.kind === "many") {
      wildcard = token;
      resume = at;
      token += 1;
    } else if (current !== undefined && accepts(current, char)) {
      at += 1;
      token += 1;
    } else {
      const star = tokens[wildcard];
      if (star === undefined || !accepts(star, subject.charAt(resume))) return false;
      resume += 1;
      at = resume;
      token = wildcard + 1;
    }
  }
  while (tokens[token]?.kind === "many") token += 1;
  return token === tokens.length;
}

/** Whether a wildcard for many follows a wider wildcard, to which the search might have to go back. */
function narrows(tokens: readonly Token[]): boolean {
  let widest: Extent = "name";
  for (const token of tokens) {
    if (token.kind !== "any" && token.kind !== "many") continue;
    if (token.kind === "many" && !isWider(token.within, widest)) return true;
    if (isWider(token.within, widest)) widest = token.within;
  }
  return false;
}

const narrowing = new WeakMap<Pattern, boolean>();

/** Follows every place in the pattern that the text so far can lead to. */
function matchesFromEveryPlace(tokens: readonly Token[], subject: string): boolean {
  const reach = (places: number[], place: number) => {
    if ((places.at(-1) ?? -1) >= place) return;
    places.push(place);
    // No two wildcards for many are adjacent.
    if (tokens[place]?.kind === "many") places.push(place + 1);
  };
  let places: number[] = [];
  reach(places, 0);
  for (let at = 0; at < subject.length && places.length > 0; at += 1) {
    const char = subject.charAt(at);
    const next: number[] = [];
    for (const place of places) {
      const token = tokens[place];
      if (token !== undefined && accepts(token, char)) reach(next, token.kind === "many" ? place : place + 1);
    }
    places = next;
  }
  return places.at(-1) === tokens.length;
}

/** The most pairs of places for which a proof is tried. The search through the automata has a budget of its own. */
const MOST_PLACES = 20_000;

/**
 * Whether `outer` matches every text that `inner` does, decided on the tokens alone: a wildcard of `outer` must match each
 * wildcard of `inner`. True is a proof; false is not.
 */
export function subsumes(outer: Pattern, inner: Pattern): boolean {
  if (isEverything(outer)) return true;
  if (inner.ignoreCase && !outer.ignoreCase) return false;
  if (inner.text !== undefined) return matches(outer, inner.text);
  const width = outer.tokens.length + 1;
  if (width * inner.tokens.length > MOST_PLACES) return false;
  const seen = new Uint8Array(width * (inner.tokens.length + 1));
  const takes = (want: Token, have: Token): boolean => {
    if (have.kind === "char") return accepts(want, outer.ignoreCase ? foldCharacter(have.char) : have.char);
    if (have.kind === "unknown") {
      if (want.kind === "unknown")
        return want.id === have.id && (want.reading === "glob" || have.reading === "exact");
      return want.kind === "many" && isWider(want.within, have.within);
    }
    if (want.kind === "unknown") return false;
    if (have.kind === "digit") return want.kind !== "char";
    if (want.kind === "char" || want.kind === "digit") return false;
    return isWider(want.within, have.within);
  };
  const covers = (o: number, i: number): boolean => {
    const place = i * width + o;
    if (seen[place]) return false;
    seen[place] = 1;
    const want = outer.tokens[o];
    const have = inner.tokens[i];
    if (want === undefined) return have === undefined;
    if (want.kind === "many") {
      return covers(o + 1, i) || (have !== undefined && takes(want, have) && covers(o, i + 1));
    }
    if (have === undefined || have.kind === "many") return false;
    return takes(want, have) && covers(o + 1, i + 1);
  };
  return covers(0, 0);
}
