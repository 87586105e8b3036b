/** The extent of a wildcard: a `segment` ends at a colon, as the first five parts of an ARN do, a `name` at a slash too. */
export type Extent = "text" | "segment" | "name";

/** One step of a pattern. */
export type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "digit" }
  | { readonly kind: "any"; readonly within: Extent }
  | { readonly kind: "many"; readonly within: Extent }
  | UnknownToken;

/** An unknown part. Read as a `glob`, it may contain wildcards. */
export interface UnknownToken {
  readonly kind: "unknown";
  readonly id: string;
  readonly label: string;
  readonly within: Extent;
  readonly reading: "exact" | "glob";
}

/** A pattern of texts. */
export interface Pattern {
  readonly tokens: readonly Token[];
  readonly ignoreCase: boolean;
  /** The only text that matches, folded if case is ignored; absent if there is a wildcard. */
  readonly text?: string;
  /** It has an unknown part. */
  readonly hasUnknown?: true;
}

/** A set of texts: those that at least one of the patterns matches. */
export type StringSet = readonly Pattern[];

/** Folds one UTF-16 unit; letters that would become longer stay as they are. */
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

/** Documents repeat the same letters, so that each is one object. */
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
      // Two adjacent wildcards match what the wider one does.
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
 * An unknown part as one letter that is no character, the same in every place. A text with it stands for every text that the
 * part may turn out to give.
 */
export function letterOf({ id, label, within }: UnknownToken): string {
  return `${BOUNDS[within]}${id}${END_OF_ID}\${${label}}`;
}

const IN_NAME = "\u0001";
const IN_TEXT = "\u0003";
const BOUNDS = { name: IN_NAME, segment: "\u0002", text: IN_TEXT } as const;
const END_OF_ID = "\u0004";

/** Whether a token accepts a letter, which is folded already if the pattern ignores case. */
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

/** Whether a wildcard of one extent matches all that one of the other does. */
export function isWider(wide: Extent, narrow: Extent): boolean {
  return REACHES[wide] >= REACHES[narrow];
}

/** Whether the letter may stand for colons. */
export function isUnbound(letter: string): boolean {
  return letter.startsWith(IN_TEXT);
}

/** Letters as text for a reader. */
export function readable(letters: readonly string[]): string {
  return letters.map((letter) => letter.slice(letter.indexOf(END_OF_ID) + 1)).join("");
}

/** Every text that the pattern may turn out to match. */
export function widened(candidate: Pattern): Pattern {
  if (candidate.hasUnknown === undefined) return candidate;
  // An unknown part may contain colons, so that the parts of the ARN after it are unknown too.
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

/** A short text that matches. `filler`: the text for each wildcard for many. */
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
