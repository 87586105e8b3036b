import { MULTIVALUED_KEYS } from "../condition/multivalued";
import type { Operator } from "../condition/operator";
import { MFA_AGE, MFA_PRESENT, type MfaContext, valueInContext } from "../mfa-context";
import type { Condition } from "../policy/model";
import { identityOf, partsOf, type Text, Unknown } from "../policy/unknown";
import type { CallerKind } from "../principal/caller";
import type { Atom, Literal, Test } from "../solver/formula";
import {
  type Interval,
  type IntervalSet,
  parseAddressBlock,
  parseDate,
  parseNumber,
  type Scale,
} from "../solver/interval";
import { atomHolds } from "../solver/key-value";
import { charOf, charsOf, exactPattern, type Pattern, pattern, type Token } from "../solver/pattern";
import { arnPattern, exactly, glob, type PatternOptions } from "./policy-pattern";

/** Where a condition stands, and what kind of identity calls. */
export interface EncodingContext {
  readonly context: MfaContext;
  readonly effect: "Allow" | "Deny";
  readonly variables: boolean;
  readonly caller: CallerKind;
}

export const CALLER_ARN = "aws:principalarn";
export const CALLER_ACCOUNT = "aws:principalaccount";
const CALLER_NAME = "aws:username";

/**
 * A condition as something that the solver can ask: already decided in this context, or an atom about the request. What
 * AWS does not document becomes a free atom, which may be either: an Allow counts as open under it, a Deny as not firing.
 */
export function encodeCondition(condition: Condition, place: EncodingContext): boolean | Literal {
  const { operator, key } = condition;
  if (operator.family === "null" && operator.quantifier !== "one") return operator.quantifier === "every";
  const known = valueInContext(place.context, key);
  const compiled = compile(condition, place);
  if (known === undefined || known.kind === "range" || !("atom" in compiled)) return literalOf(compiled);
  const isOpen = known.values === undefined && isUndocumentedWhenAbsent(operator);
  const holds = isOpen ? undefined : atomHolds(compiled.atom, known.values);
  if (holds !== undefined) return holds === compiled.holds;
  // The key's value is known, what the operator makes of it is not: an atom by itself.
  const atom: Atom = {
    ...compiled.atom,
    variable: `${key} undocumented`,
    test: { kind: "free", evenAbsent: true },
  };
  return { atom: atom, holds: compiled.holds };
}

function literalOf(compiled: Literal | { readonly always: boolean }): boolean | Literal {
  return "atom" in compiled ? compiled : compiled.always;
}

function compile(condition: Condition, place: EncodingContext): Literal | { readonly always: boolean } {
  const { operator, key, values } = condition;
  if (operator.family === "null") return presence(condition);
  const documented = isDocumented(condition, place);
  const test = documented ? testOf(condition, place) : undefined;
  const asArn = test === undefined ? undefined : arnTest(condition, place);
  const variable = asArn === undefined ? key : CALLER_ARN;
  const isSet = operator.quantifier !== "one";
  const opposite = isSet && operator.negated;
  // Source: IAM user guide, "…IfExists condition operators" and "Multivalued context keys".
  const ifAbsent = operator.quantifier === "every" || (operator.ifExists && (isSet || !operator.negated));
  const named = `${operator.family}/${operator.comparison}/${operator.ignoreCase}/${ifAbsent}/${operator.quantifier}/${opposite}/${dialect(values, place)}`;
  const atom: Atom = {
    id: `${key} ${named} ${identity(values)}`,
    variable,
    quantifier: operator.quantifier,
    opposite,
    ifAbsent,
    test: asArn ??
      test ?? { kind: "free", evenAbsent: !documented, ...(isUnknown(values) ? { unknown: true } : {}) },
  };
  return { atom: atom, holds: isSet || !operator.negated };
}

function presence({ key, values }: Condition): Literal | { readonly always: boolean } {
  const asked = new Set(
    values.map((value) => (value instanceof Unknown ? value : value.toLowerCase() === "true")),
  );
  const atom = (test: Test, id: string): Atom => ({
    id: `${key} ${id}`,
    variable: key,
    quantifier: "one",
    opposite: false,
    ifAbsent: false,
    test,
  });
  if (asked.has(true) && asked.has(false)) return { always: true };
  const [only] = asked;
  if (asked.size !== 1 || typeof only !== "boolean") {
    return { atom: atom({ kind: "free", evenAbsent: true }, `null? ${identity(values)}`), holds: true };
  }
  return { atom: atom({ kind: "present" }, "present"), holds: !only };
}

/** `ForAnyValue:` says no to an absent key and `IfExists` says yes; which of them wins is not documented. */
function isUndocumentedWhenAbsent({ quantifier, ifExists }: Operator): boolean {
  return quantifier === "some" && ifExists;
}

/**
 * String, ARN and binary operators on the MFA keys under Deny are not documented, nor is an operator without values,
 * nor a plain operator on a key that holds several values at once.
 */
function isDocumented({ operator, key, values }: Condition, { effect }: EncodingContext): boolean {
  if (values.length === 0 || (operator.quantifier === "one" && MULTIVALUED_KEYS.has(key))) return false;
  if (key === MFA_PRESENT) {
    if (operator.family === "boolean") return true;
    // Which letters the key's text is in is observed, not promised: "False" may or may not be what it says.
    const isPlain = operator.ignoreCase || values.every((value) => value === String(value).toLowerCase());
    return effect === "Allow" && isText(operator) && isPlain;
  }
  if (key === MFA_AGE) return operator.family === "number" || (effect === "Allow" && isText(operator));
  return !isUndocumentedWhenAbsent(operator);
}

function isText({ family }: Operator): boolean {
  return family === "text" || family === "like";
}

function testOf({ operator, key, values }: Condition, place: EncodingContext): Test | undefined {
  // What the MFA keys say is known in each context, and is never compared with what is not.
  if (isUnknown(values) && (key === MFA_PRESENT || key === MFA_AGE)) return undefined;
  const reading: PatternOptions = { variables: place.variables, ignoreCase: operator.ignoreCase };
  const read = <T>(parse: (text: string) => T | undefined) =>
    values.map((value) => (typeof value === "string" ? parse(value) : undefined));
  switch (operator.family) {
    case "text":
      return textTest(values.map((value) => exactly(value, reading)));
    case "like":
      return textTest(values.map((value) => glob(value, reading)));
    case "arn":
      return textTest(values.map((value) => arnPattern(value, reading)));
    case "boolean":
      return textTest(read((text) => BOOLEANS.get(text.toLowerCase())));
    case "number":
      return lineTest(
        key === MFA_AGE ? "age" : "number",
        read((text) => interval(operator, parseNumber(text))),
      );
    case "date":
      return lineTest(
        "date",
        read((text) => interval(operator, parseDate(text))),
      );
    case "ip":
      return lineTest("ip", read(parseAddressBlock));
    case "binary":
    case "null":
      return undefined;
  }
}

const BOOLEANS = new Map(["true", "false"].map((text) => [text, exactPattern(text, true)]));

function textTest(patterns: readonly (Pattern | undefined)[]): Test | undefined {
  const set = patterns.filter((each) => each !== undefined);
  return set.length < patterns.length ? undefined : { kind: "text", set };
}

function lineTest(scale: Scale, intervals: readonly (Interval | undefined)[]): Test | undefined {
  const set: IntervalSet = intervals.filter((each) => each !== undefined);
  return set.length < intervals.length ? undefined : { kind: "line", scale, set };
}

function interval({ comparison }: Operator, at: bigint | undefined): Interval | undefined {
  if (at === undefined) return undefined;
  switch (comparison) {
    case "equal":
      return { from: { at, without: false }, to: { at, without: false } };
    case "less":
    case "less-or-equal":
      return { to: { at, without: comparison === "less" } };
    case "greater":
    case "greater-or-equal":
      return { from: { at, without: comparison === "greater" } };
  }
}

/** Whether the caller's ARN holds what the key says. */
export function isInArn(key: string, caller: CallerKind): boolean {
  if (key === CALLER_NAME) return caller === "user";
  return key === CALLER_ACCOUNT && (caller === "user" || caller === "role" || caller === "federated-user");
}

/** A condition on the caller's account or user name as one on the caller's ARN, which holds both. */
function arnTest(
  { operator, key, values }: Condition,
  { variables, caller }: EncodingContext,
): Test | undefined {
  const ofAccount = key === CALLER_ACCOUNT;
  if (!isText(operator) || !isInArn(key, caller)) return undefined;
  const read = operator.family === "like" ? glob : exactly;
  const set: Pattern[] = [];
  for (const value of values) {
    const said = read(value, { variables, ignoreCase: operator.ignoreCase });
    if (said === undefined) return undefined;
    const arns = ofAccount
      ? [[...BEFORE_ACCOUNT, ...within(said, "segment"), COLON, TEXT]]
      : [
          [...BEFORE_NAME, ...within(said, "name")],
          [...BEFORE_NAME, TEXT, SLASH, ...within(said, "name")],
        ];
    set.push(...arns.map((tokens) => pattern(tokens, operator.ignoreCase)));
  }
  return { kind: "text", set };
}

const COLON = charOf(":");
const PART: Token = { kind: "many", within: "segment" };
const TEXT: Token = { kind: "many", within: "text" };
const SLASH = charOf("/");
const BEFORE_ACCOUNT: readonly Token[] = [PART, COLON, PART, COLON, PART, COLON, PART, COLON];
const BEFORE_NAME: readonly Token[] = [...BEFORE_ACCOUNT, PART, COLON, ...charsOf("user/")];

function within({ tokens }: Pattern, bound: "segment" | "name"): readonly Token[] {
  // Only a principal says of what is not known that it is within a part of an ARN.
  return tokens.map((token) =>
    token.kind === "any" || token.kind === "many" ? { ...token, within: bound } : token,
  );
}

/** A text with `${` in it says one thing in a policy of version 2012-10-17 and another in an older one beside it. */
function dialect(values: readonly Text[], { variables }: EncodingContext): string {
  const holdsVariable = values.some((value) =>
    partsOf(value).some((part) => typeof part === "string" && part.includes("${")),
  );
  return holdsVariable ? `variables: ${variables}` : "";
}

function identity(values: readonly Text[]): string {
  return values
    .map((each) => identityOf(each))
    .sort()
    .join(",");
}

/** Whether what it says depends on a value of the document that is not known yet. */
export function isUnknown(values: readonly Text[]): boolean {
  return values.some((value) => value instanceof Unknown);
}
