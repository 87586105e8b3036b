import { memoize } from "../memoize";
import { subsumes } from "./match";
import { accepts, charOf, foldCharacter, type Pattern, pattern, type Token } from "./pattern";

/**
 * Whether no text matches both patterns, decided on the parts of an ARN, up to the first wildcard that may pass a colon, and
 * on the end. True is a proof; false is not.
 */
export function areDisjoint(one: Pattern, other: Pattern): boolean {
  const folds = one.ignoreCase || other.ignoreCase;
  const [left, right] = [fieldsOf(one), fieldsOf(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    // One of them has ended, or the other has more colons than it can match.
    if (a === undefined || b === undefined) return true;
    if (differ(a.tokens, b.tokens, folds)) return true;
    if (!a.isClosed || !b.isClosed) return differ(one.tokens, other.tokens, folds, "end");
    if (differ(a.tokens, b.tokens, folds, "end")) return true;
  }
  return false;
}

/**
 * ARN patterns that are likely to share a text with both, where `intersect` finds none: the narrower of each of the first five
 * parts, and either of the last ones; or the start of one and the end of the other, since a path may contain colons. Their
 * texts must be tried.
 */
export function likelyIntersections(one: Pattern, other: Pattern): readonly Pattern[] {
  const ignoreCase = one.ignoreCase && other.ignoreCase;
  const [left, right] = [partsOf(one.tokens), partsOf(other.tokens)];
  const tokens = left.slice(0, -1).flatMap((a, index) => {
    const b = right[index] ?? [];
    return [...(subsumes(pattern(a, ignoreCase), pattern(b, ignoreCase)) ? b : a), COLON];
  });
  const [from, to] = [one, other].map((each) => each.tokens.findIndex(isWide));
  return [
    [...tokens, ...(left.at(-1) ?? [])],
    [...tokens, ...(right.at(-1) ?? [])],
    [...one.tokens.slice(0, from), ...other.tokens.slice(to)],
    [...other.tokens.slice(0, to), ...one.tokens.slice(from)],
  ].map((each) => pattern(each, ignoreCase));
}

function isWide(token: Token): boolean {
  return token.kind === "many" && token.within === "text";
}

/** The parts of an ARN, as if no wildcard passed a colon of the first five. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (parts.length < 6 && token.kind === "char" && token.char === ":") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** The texts that match both patterns, as one pattern; `undefined` if not one of the two is the narrower in each part. */
export function intersect(one: Pattern, other: Pattern): Pattern | undefined {
  if (one.ignoreCase !== other.ignoreCase) return undefined;
  const [left, right] = [fieldsOf(one), fieldsOf(other)];
  const tokens: Token[] = [];
  const narrower = (a: readonly Token[], b: readonly Token[]): readonly Token[] | undefined => {
    const [first, second] = [pattern(a, one.ignoreCase), pattern(b, one.ignoreCase)];
    if (subsumes(first, second)) return b;
    return subsumes(second, first) ? a : undefined;
  };
  for (let index = 0; ; index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined || b === undefined) return undefined;
    const isLast = !a.isClosed || !b.isClosed || index + 1 === Math.max(left.length, right.length);
    const chosen = isLast
      ? narrower(one.tokens.slice(a.from), other.tokens.slice(b.from))
      : narrower(a.tokens, b.tokens);
    if (chosen === undefined) return undefined;
    tokens.push(...chosen);
    if (isLast) return pattern(tokens, one.ignoreCase);
    tokens.push(COLON);
  }
}

const COLON = charOf(":");

interface Field {
  /** The place of its first token in the pattern. */
  readonly from: number;
  readonly tokens: readonly Token[];
  /** Whether it ends where its tokens do; otherwise a wildcard in it may pass colons. */
  readonly isClosed: boolean;
}

const ANYTHING: Token = { kind: "many", within: "text" };

const fields = new WeakMap<Pattern, readonly Field[]>();

function fieldsOf(candidate: Pattern): readonly Field[] {
  return memoize(fields, candidate, () => readFields(candidate));
}

function readFields(candidate: Pattern): readonly Field[] {
  const found: Field[] = [];
  let tokens: Token[] = [];
  let from = 0;
  let isClosed = true;
  for (const [at, token] of candidate.tokens.entries()) {
    if ("within" in token && token.within === "text") {
      tokens.push(ANYTHING);
      isClosed = false;
      break;
    }
    if (token.kind === "char" && token.char === ":") {
      found.push({ from, tokens, isClosed });
      from = at + 1;
      tokens = [];
    } else tokens.push(token);
  }
  found.push({ from, tokens, isClosed });
  return found;
}

/** Whether two lists of tokens differ before the first wildcard for many of either, or, from the end, after the last. */
function differ(
  one: readonly Token[],
  other: readonly Token[],
  folds: boolean,
  from: "start" | "end" = "start",
): boolean {
  for (let count = 0; ; count += 1) {
    const at = from === "start" ? count : -1 - count;
    const [a, b] = [one.at(at), other.at(at)];
    if (a?.kind === "many" || b?.kind === "many" || a?.kind === "unknown" || b?.kind === "unknown")
      return false;
    if (a === undefined || b === undefined) return a !== b;
    if (a.kind === "char" && b.kind === "char") {
      if (a.char !== b.char && !(folds && foldCharacter(a.char) === foldCharacter(b.char))) return true;
    } else if (a.kind === "char" ? !accepts(b, a.char) : b.kind === "char" && !accepts(a, b.char))
      return true;
  }
}
