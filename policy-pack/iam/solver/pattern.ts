import { memoize } from "../memoize";

/** How far a wildcard reaches: a `segment` ends at a colon, as the first five parts of an ARN do, a `name` at a slash too. */
export type Extent = "text" | "segment" | "name";

/** One step of a pattern. */
export type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "digit" }
  | { readonly kind: "any"; readonly within: Extent }
  | { readonly kind: "many"; readonly within: Extent }
  | UnknownToken;

/** A part that is not known yet. Read as a `glob` it may hold wildcards of its own. */
export interface UnknownToken {
  readonly kind: "unknown";
  readonly id: string;
  readonly label: string;
  readonly within: Extent;
  readonly reading: "exact" | "glob";
}

/** A set of texts: those that the tokens spell. */
export interface Pattern {
  readonly tokens: readonly Token[];
  readonly ignoreCase: boolean;
  /** The only text that matches (folded when case is ignored); absent when there is a wildcard. */
  readonly text?: string;
  /** Some part of it is not known yet. */
  readonly hasUnknown?: true;
}

/** Folds one UTF-16 unit; letters that would grow when folded stay as they are. */
export function foldCharacter(char: string): string {
  const lower = char.toLowerCase();
  return lower.length === 1 ? lower : char;
}

export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : Array.from(text, foldCharacter).join("");
}

const CHARS: readonly Token[] = Array.from({ length: 128 }, (_, code) => ({
  kind: "char",
  char: String.fromCharCode(code),
}));

/** The text itself, one token for each UTF-16 unit. */
export function charsOf(text: string): Token[] {
  return Array.from({ length: text.length }, (_, at) => charOf(text.charAt(at)));
}

/** Documents hold the same letters over and over, so that each is one value. */
export function charOf(char: string): Token {
  return CHARS[char.charCodeAt(0)] ?? { kind: "char", char };
}

export function pattern(tokens: readonly Token[], ignoreCase: boolean): Pattern {
  const merged: Token[] = [];
  let text: string | undefined = "";
  let hasUnknown = false;
  for (const token of tokens) {
    const last = merged.at(-1);
    if (token.kind === "many" && last?.kind === "many") {
      // Side by side they reach as far as the one that reaches farther.
      if (isWider(token.within, last.within)) merged[merged.length - 1] = token;
    } else if (token.kind === "char") {
      const read = ignoreCase ? charOf(foldCharacter(token.char)) : token;
      merged.push(read);
      if (text !== undefined) text += ignoreCase ? foldCharacter(token.char) : token.char;
    } else {
      merged.push(token);
      text = undefined;
      hasUnknown ||= token.kind === "unknown";
    }
  }
  if (hasUnknown) return { tokens: merged, ignoreCase, hasUnknown: true };
  return text === undefined ? { tokens: merged, ignoreCase } : { tokens: merged, ignoreCase, text };
}

export function exactPattern(text: string, ignoreCase = false): Pattern {
  return pattern(charsOf(text), ignoreCase);
}

/** True when every text matches. */
export function isEverything(candidate: Pattern): boolean {
  const [only, ...rest] = candidate.tokens;
  return rest.length === 0 && only?.kind === "many" && only.within === "text";
}

/**
 * How a part that is not known yet is spelt in a text: as one letter that is no character, and the same wherever it
 * stands. What holds of such a text holds whatever the part turns out to be.
 */
export function letterOf({ id, label, within }: UnknownToken): string {
  return `${BOUNDS[within]}${id}${END_OF_ID}\${${label}}`;
}

const IN_NAME = "\u0001";
const IN_TEXT = "\u0003";
const BOUNDS = { name: IN_NAME, segment: "\u0002", text: IN_TEXT } as const;
const END_OF_ID = "\u0004";

/** Whether a single token accepts a single letter (folded already when the pattern ignores case). */
export function accepts(token: Token, letter: string): boolean {
  switch (token.kind) {
    case "char":
      return token.char === letter;
    case "digit":
      return letter >= "0" && letter <= "9";
    case "any":
      return letter.length === 1 && reaches(token.within, letter);
    case "many":
      return reaches(token.within, letter);
    case "unknown":
      return letter.startsWith(`${token.id}${END_OF_ID}`, 1);
  }
}

function reaches(reach: Extent, letter: string): boolean {
  switch (reach) {
    case "text":
      return true;
    case "segment":
      return letter !== ":" && !isUnbound(letter);
    case "name":
      return letter !== ":" && letter !== "/" && (letter.length === 1 || letter.startsWith(IN_NAME));
  }
}

const REACHES = { name: 0, segment: 1, text: 2 } as const;

/** Whether one wildcard may stand for all that another does. */
export function isWider(wide: Extent, narrow: Extent): boolean {
  return REACHES[wide] >= REACHES[narrow];
}

/** Whether the letter may stand for colons too. */
export function isUnbound(letter: string): boolean {
  return letter.startsWith(IN_TEXT);
}

/** Letters as a reader sees them. */
export function readable(letters: readonly string[]): string {
  return letters.map((letter) => letter.slice(letter.indexOf(END_OF_ID) + 1)).join("");
}

/** Every text that the pattern may turn out to match. */
export function widened(candidate: Pattern): Pattern {
  if (candidate.hasUnknown === undefined) return candidate;
  // A part that is not known may hold colons, so that what is a part of an ARN behind it is not known either.
  let isShifted = false;
  const tokens = candidate.tokens.map((token): Token => {
    if (token.kind === "unknown") {
      isShifted ||= token.within === "text";
      return { kind: "many", within: token.within };
    }
    return isShifted && "within" in token ? { ...token, within: "text" } : token;
  });
  return pattern(tokens, candidate.ignoreCase);
}

/** Whether the text is one of the pattern's. Linear in practice: only the last wildcard is ever tried again. */
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

/** Behind a wildcard that reaches far, of one letter too, one that does not could have to be left for the earlier one again. */
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

/** Follows every place that the text so far can have led to, from the first to the last. */
function matchesFromEveryPlace(tokens: readonly Token[], subject: string): boolean {
  const reach = (places: number[], place: number) => {
    if ((places.at(-1) ?? -1) >= place) return;
    places.push(place);
    // No two wildcards for many stand side by side.
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

/** Above this many pairs of places the proof is not tried: the search through the automata has a budget of its own. */
const MOST_PLACES = 20_000;

/**
 * Whether every text of `inner` is one of `outer`'s, decided on the tokens alone: a wildcard of `inner` must be
 * taken by a wildcard of `outer`. True is a proof; false says nothing.
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

/** A short text that matches: wildcards for many are left out, single ones are filled. */
export function sample(candidate: Pattern, filler: string): string {
  return candidate.tokens
    .map((token) => {
      if (token.kind === "char") return token.char;
      if (token.kind === "digit") return "4";
      if (token.kind === "unknown") return `\${${token.label}}`;
      return token.kind === "any" ? "x" : filler;
    })
    .join("");
}
