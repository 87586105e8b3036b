import { MULTIVALUED_KEYS } from "../condition/key";
import type { Operator } from "../condition/operator";
import { isMfaKey, MFA_AGE, MFA_PRESENT, valueInContext } from "../mfa-context";
import type { Condition, Statement } from "../policy/model";
import { identityOf, type Text, Unknown } from "../policy/unknown";
import type { CallerKind } from "../principal/caller";
import { type Literal, literal, type Test } from "../solver/formula";
import { type Interval, parseAddressBlock, parseDate, parseNumber } from "../solver/interval";
import { atomHolds } from "../solver/key-value";
import { charOf, charsOf, exactPattern, type Pattern, pattern, type Token } from "../solver/pattern";
import type { Origin } from "./domain";
import { arnPattern, exactly, glob, mayHaveVariable } from "./policy-pattern";
import { CALLER_ACCOUNT, CALLER_ARN } from "./variable";

/** The statement of a condition, as far as it decides how the condition is read. */
type Around = Pick<Statement, "effect" | "variables">;

/**
 * A condition for the solver: true or false if the MFA context decides it, else a literal about the request. Where AWS
 * documents no meaning, the literal is free: it leaves an Allow open, and a Deny may not fire.
 */
export function encodeCondition(condition: Condition, around: Around, origin: Origin): boolean | Literal {
  const { operator, key } = condition;
  const isNull = operator.family === "null";
  if (isNull && operator.quantifier !== "one") return operator.quantifier === "every";
  const encoded = isNull ? presence(condition) : comparison(condition, around, origin.caller);
  const known = valueInContext(origin.context, key);
  if (encoded === true || known?.kind !== "values") return encoded;
  const isOpen = known.values === undefined && isUndocumentedWhenAbsent(operator);
  const holds = isOpen ? undefined : atomHolds(encoded.atom, known.values);
  if (holds !== undefined) return holds === encoded.holds;
  // The value of the key is known, but not what the operator makes of it.
  const test = { kind: "free", evenAbsent: true } as const;
  return { ...encoded, atom: { ...encoded.atom, variable: `${key} undocumented`, test } };
}

function comparison(condition: Condition, around: Around, caller: CallerKind): Literal {
  const { operator, key, values } = condition;
  const documented = isDocumented(condition, around);
  const test = documented ? testOf(condition, around) : undefined;
  const isAboutArn = test?.kind === "text" && isText(operator) && isInArn(key, caller);
  const isSet = operator.quantifier !== "one";
  const isOpposite = isSet && operator.negated;
  // Source: IAM user guide, "…IfExists condition operators" and "Multivalued context keys".
  const ifAbsent = operator.quantifier === "every" || (operator.ifExists && (isSet || !operator.negated));
  const { family, comparison: compared, ignoreCase, quantifier } = operator;
  const meaning = [family, compared, ignoreCase, ifAbsent, quantifier, isOpposite, dialect(values, around)];
  return {
    atom: {
      id: `${key} ${meaning.join("/")} ${identity(values)}`,
      variable: isAboutArn ? CALLER_ARN : key,
      quantifier,
      opposite: isOpposite,
      ifAbsent,
      test: isAboutArn
        ? { kind: "text", set: test.set.flatMap((each) => arnsWith(key, each)) }
        : (test ?? {
            kind: "free",
            evenAbsent: !documented,
            ...(isUnknown(values) ? { unknown: true } : {}),
          }),
    },
    holds: isSet || !operator.negated,
  };
}

function presence({ key, values }: Condition): true | Literal {
  const asked = new Set(
    values.map((value) => (value instanceof Unknown ? value : value.toLowerCase() === "true")),
  );
  if (asked.has(true) && asked.has(false)) return true;
  const [only] = asked;
  if (asked.size !== 1 || typeof only !== "boolean")
    return literal(key, `${key} null? ${identity(values)}`, { kind: "free", evenAbsent: true });
  return { ...literal(key, `${key} present`, { kind: "present" }), holds: !only };
}

/** `ForAnyValue:` is false for an absent key and `IfExists` true; AWS does not document which of them wins. */
function isUndocumentedWhenAbsent({ quantifier, ifExists }: Operator): boolean {
  return quantifier === "some" && ifExists;
}

/**
 * AWS does not document string, ARN and binary operators on the MFA keys under Deny, an operator without values, or an
 * operator without a set operator on a multivalued key.
 */
function isDocumented({ operator, key, values }: Condition, { effect }: Around): boolean {
  if (values.length === 0 || (operator.quantifier === "one" && MULTIVALUED_KEYS.has(key))) return false;
  if (key === MFA_PRESENT) {
    if (operator.family === "boolean") return true;
    // That the key's text is in lower case is observed, not documented: it may be "False".
    const isLowerCase = operator.ignoreCase || values.every((value) => value === String(value).toLowerCase());
    return effect === "Allow" && isText(operator) && isLowerCase;
  }
  if (key === MFA_AGE) return operator.family === "number" || (effect === "Allow" && isText(operator));
  return !isUndocumentedWhenAbsent(operator);
}

function isText({ family }: Operator): boolean {
  return family === "text" || family === "like";
}

/** `undefined` if the values are not of the operator's kind, or only the request decides what they are. */
function testOf({ operator, key, values }: Condition, { variables }: Around): Test | undefined {
  // The values of the MFA keys are known in each context, and are never compared with an unknown one.
  if (isUnknown(values) && isMfaKey(key)) return undefined;
  const reading = { variables, ignoreCase: operator.ignoreCase };
  const textTest = (read: (value: Text) => Pattern | undefined): Test | undefined => {
    const set = allRead(values, read);
    return set && { kind: "text", set };
  };
  const lineTest = (
    scale: Extract<Test, { kind: "line" }>["scale"],
    read: (value: string) => Interval | undefined,
  ): Test | undefined => {
    const set = allRead(values, (value) => (typeof value === "string" ? read(value) : undefined));
    return set && { kind: "line", scale, set };
  };
  switch (operator.family) {
    case "text":
      return textTest((value) => exactly(value, reading));
    case "like":
      return textTest((value) => glob(value, reading));
    case "arn":
      return textTest((value) => arnPattern(value, reading));
    case "boolean":
      return textTest((value) => (typeof value === "string" ? BOOLEANS.get(value.toLowerCase()) : undefined));
    case "number":
      return lineTest(key === MFA_AGE ? "age" : "number", (value) => interval(operator, parseNumber(value)));
    case "date":
      return lineTest("date", (value) => interval(operator, parseDate(value)));
    case "ip":
      return lineTest("ip", parseAddressBlock);
    case "binary":
    case "null":
      return undefined;
  }
}

const BOOLEANS = new Map(["true", "false"].map((text) => [text, exactPattern(text, true)]));

/** What is read from each value; `undefined` if any cannot be read. */
function allRead<T>(values: readonly Text[], read: (value: Text) => T | undefined): readonly T[] | undefined {
  const found = values.map(read);
  return found.every((each) => each !== undefined) ? found : undefined;
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

/** Whether the caller's ARN contains the value of the key. */
export function isInArn(key: string, caller: CallerKind): boolean {
  if (key === "aws:username") return caller === "user";
  return key === CALLER_ACCOUNT && (caller === "user" || caller === "role" || caller === "federated-user");
}

/** The ARNs of callers whose account, or user name, matches a pattern. */
function arnsWith(key: string, { tokens, ignoreCase }: Pattern): readonly Pattern[] {
  const bounded = (within: "segment" | "name") =>
    tokens.map((token): Token => {
      // A part that is unknown keeps its extent: only a principal says that it is within a part of an ARN.
      return token.kind === "any" || token.kind === "many" ? { ...token, within } : token;
    });
  const arns =
    key === CALLER_ACCOUNT
      ? [[...BEFORE_ACCOUNT, ...bounded("segment"), charOf(":"), TEXT]]
      : [
          [...BEFORE_NAME, ...bounded("name")],
          [...BEFORE_NAME, TEXT, charOf("/"), ...bounded("name")],
        ];
  return arns.map((each) => pattern(each, ignoreCase));
}

const SEGMENT: readonly Token[] = [{ kind: "many", within: "segment" }, charOf(":")];
const TEXT: Token = { kind: "many", within: "text" };
const BEFORE_ACCOUNT: readonly Token[] = [...SEGMENT, ...SEGMENT, ...SEGMENT, ...SEGMENT];
const BEFORE_NAME: readonly Token[] = [...BEFORE_ACCOUNT, ...SEGMENT, ...charsOf("user/")];

/** A policy variable has one meaning in a document of version 2012-10-17 and another in an older one. */
function dialect(values: readonly Text[], { variables }: Around): string {
  return values.some(mayHaveVariable) ? `variables: ${variables}` : "";
}

function identity(values: readonly Text[]): string {
  return values
    .map((each) => identityOf(each))
    .sort()
    .join(",");
}

export function isUnknown(values: readonly Text[]): boolean {
  return values.some((value) => value instanceof Unknown);
}
