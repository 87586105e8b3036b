import { identityOf, partsOf, type Text, Unknown } from "../policy/unknown";
import { areDisjoint } from "../solver/disjoint";
import { charOf, charsOf, type Pattern, pattern, type StringSet, type Token } from "../solver/pattern";

/**
 * How the text of a policy is read. `variables`: `${…}` is a policy variable since version 2012-10-17. Its meaning in an
 * older document is not documented, so that no text with `${` is read there.
 */
interface PatternOptions {
  readonly variables: boolean;
  readonly ignoreCase: boolean;
}

const MANY: Token = { kind: "many", within: "text" };
const ANY: Token = { kind: "any", within: "text" };

/**
 * Reads a text in which `*` and `?` are wildcards. `undefined` for one with a policy variable, which only the request
 * decides. `${*}`, `${?}` and `${$}` are those characters themselves.
 */
export function glob(source: Text, reading: PatternOptions): Pattern | undefined {
  const tokens = tokenize(source, reading, true);
  return tokens && pattern(tokens, reading.ignoreCase);
}

/** The texts that a configuration means by a list of patterns with `*` and `?`, matched from end to end. */
export function anchoredPatterns(sources: readonly string[]): StringSet {
  return sources.flatMap((source) => glob(source, { variables: false, ignoreCase: false }) ?? []);
}

/** Reads a text in which `*` and `?` stand for themselves. `undefined` for one with a policy variable. */
export function exactly(source: Text, reading: PatternOptions): Pattern | undefined {
  const tokens = tokenize(source, reading, false);
  return tokens && pattern(tokens, reading.ignoreCase);
}

/**
 * Reads an ARN pattern, whose six parts are compared one by one: a wildcard stays within its part, except in the last, which
 * may itself contain colons. `undefined` for one with a policy variable or with fewer than six parts.
 */
export function arnPattern(source: Text, reading: PatternOptions): Pattern | undefined {
  const tokens = tokenize(source, reading, true);
  if (tokens === undefined) return undefined;
  let colons = 0;
  const bounded = tokens.map((token): Token => {
    if (token.kind === "char" && token.char === ":") colons += 1;
    return colons < 5 && (token.kind === "many" || token.kind === "any")
      ? { kind: token.kind, within: "segment" }
      : token;
  });
  return colons < 5 ? undefined : pattern(bounded, reading.ignoreCase);
}

/** Whether two texts may turn out to be the same. */
export function mayBeSame(one: Text, other: Text): boolean {
  if (typeof one === "string" && typeof other === "string") return one === other;
  return !areDisjoint(anyFilling(one), anyFilling(other));
}

/** Every text that it may turn out to be. */
function anyFilling(text: Text): Pattern {
  const tokens = partsOf(text).flatMap((part) => (typeof part === "string" ? charsOf(part) : [MANY]));
  return pattern(tokens, false);
}

function tokenize(text: Text, reading: PatternOptions, wildcards: boolean): Token[] | undefined {
  const tokens: Token[] = [];
  for (const part of partsToRead(text)) {
    const more =
      typeof part === "string"
        ? tokenizeKnown(part, reading, wildcards)
        : [unknown(part, reading, wildcards)];
    if (more === undefined) return undefined;
    tokens.push(...more);
  }
  return tokens;
}

/** An unknown part may complete a policy variable, after a `$` or before a `{`: from there on, all is one unknown part. */
function partsToRead(text: Text): readonly Text[] {
  const parts = partsOf(text);
  const joint = parts.findIndex((part, at) => {
    const next = parts[at + 1];
    if (next === undefined) return false;
    return typeof part === "string" ? part.endsWith("$") : typeof next === "string" && next.startsWith("{");
  });
  return joint < 0 ? parts : [...parts.slice(0, joint), Unknown.text("a text", parts.slice(joint))];
}

/** Whether a text has a policy variable, or an unknown part that may turn out to have one. */
export function mayHaveVariable(text: Text): boolean {
  return partsOf(text).some((part) =>
    typeof part === "string" ? part.includes("${") : part.form === undefined,
  );
}

/** One that may have a variable is another text in a document that may not. */
function unknown(part: Unknown, { variables }: PatternOptions, wildcards: boolean): Token {
  const id = `${identityOf(part)}${variables || !mayHaveVariable(part) ? "" : " without variables"}`;
  return { kind: "unknown", id, label: part.label, within: "text", reading: wildcards ? "glob" : "exact" };
}

function tokenizeKnown(source: string, reading: PatternOptions, wildcards: boolean): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === "$" && source.charAt(at + 1) === "{") {
      const escaped = reading.variables ? /\$\{([*?$])\}/.exec(source.slice(at, at + 4)) : null;
      if (escaped === null) return undefined;
      tokens.push(charOf(escaped[1] ?? ""));
      at += 3;
    } else if (wildcards && char === "*") tokens.push(MANY);
    else if (wildcards && char === "?") tokens.push(ANY);
    else tokens.push(charOf(char));
  }
  return tokens;
}
