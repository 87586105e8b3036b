/** One step of a pattern. A `segment` wildcard stops at a colon, as inside the first five parts of an ARN. */
export type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "digit" }
  | { readonly kind: "any"; readonly within: "text" | "segment" }
  | { readonly kind: "many"; readonly within: "text" | "segment" };

/** A set of texts: those that the tokens spell. */
export interface Pattern {
  readonly tokens: readonly Token[];
  readonly ignoreCase: boolean;
  /** The only text that matches (folded when case is ignored); absent when there is a wildcard. */
  readonly literal?: string;
}

/** Folds one UTF-16 unit; letters that would grow when folded stay as they are. */
export function foldChar(char: string): string {
  const lower = char.toLowerCase();
  return lower.length === 1 ? lower : char;
}

export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : Array.from(text, foldChar).join("");
}

export function pattern(tokens: readonly Token[], ignoreCase: boolean): Pattern {
  const merged: Token[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if (token.kind === "many" && last?.kind === "many") {
      // Side by side they reach as far as the one that reaches farther.
      if (token.within === "text") merged[merged.length - 1] = token;
      continue;
    }
    merged.push(ignoreCase && token.kind === "char" ? { kind: "char", char: foldChar(token.char) } : token);
  }
  if (!merged.every((token) => token.kind === "char")) return { tokens: merged, ignoreCase };
  return { tokens: merged, ignoreCase, literal: merged.map((token) => token.char).join("") };
}

export function literal(text: string, ignoreCase = false): Pattern {
  return pattern(
    text.split("").map((char) => ({ kind: "char", char })),
    ignoreCase,
  );
}

/** True when every text matches. */
export function isEverything(candidate: Pattern): boolean {
  const [only, ...rest] = candidate.tokens;
  return rest.length === 0 && only?.kind === "many" && only.within === "text";
}

/** Whether a single token accepts a single character (folded already when the pattern ignores case). */
export function accepts(token: Token, char: string): boolean {
  switch (token.kind) {
    case "char":
      return token.char === char;
    case "digit":
      return char >= "0" && char <= "9";
    case "any":
    case "many":
      return token.within === "text" || char !== ":";
  }
}

/** Whether the text is one of the pattern's. Linear in practice: only the last wildcard is ever tried again. */
export function matches(candidate: Pattern, text: string): boolean {
  const subject = candidate.ignoreCase ? fold(text) : text;
  if (candidate.literal !== undefined) return candidate.literal === subject;
  const { tokens } = candidate;
  if (hasBoundAfterUnbound(tokens)) return matchesFromEveryPlace(tokens, subject);
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

/** Behind a wildcard that may take a colon, of one letter too, one that may not could have to be left for an earlier one again. */
function hasBoundAfterUnbound(tokens: readonly Token[]): boolean {
  let unbound = false;
  for (const token of tokens) {
    if (token.kind !== "any" && token.kind !== "many") continue;
    if (unbound && token.kind === "many" && token.within === "segment") return true;
    unbound ||= token.within === "text";
  }
  return false;
}

/** Follows every place that the text so far can have led to. */
function matchesFromEveryPlace(tokens: readonly Token[], subject: string): boolean {
  const skipped = (places: Set<number>) => {
    for (const place of places) if (tokens[place]?.kind === "many") places.add(place + 1);
    return places;
  };
  let places = skipped(new Set([0]));
  for (const char of subject.split("")) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token !== undefined && accepts(token, char)) next.add(token.kind === "many" ? place : place + 1);
    }
    places = skipped(next);
  }
  return places.has(tokens.length);
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
  if (inner.literal !== undefined) return matches(outer, inner.literal);
  const width = outer.tokens.length + 1;
  if (width * inner.tokens.length > MOST_PLACES) return false;
  const seen = new Set<number>();
  const takes = (want: Token, have: Token): boolean => {
    if (have.kind === "char") return accepts(want, outer.ignoreCase ? foldChar(have.char) : have.char);
    if (have.kind === "digit") return want.kind !== "char";
    if (want.kind === "char" || want.kind === "digit") return false;
    return want.within === "text" || have.within === "segment";
  };
  const covers = (o: number, i: number): boolean => {
    const place = i * width + o;
    if (seen.has(place)) return false;
    seen.add(place);
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
      return token.kind === "any" ? "x" : filler;
    })
    .join("");
}
