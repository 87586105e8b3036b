import { memoize } from "../memoize";
import { MFA_PRESENT, type MfaContext, valueInContext } from "../mfa-context";
import type { Condition, Policy, Statement } from "../policy/model";
import type { Caller } from "../principal/caller";
import {
  type Atom,
  always,
  type Clause,
  type Domain,
  type Literal,
  NEVER,
  opposite,
  type Test,
} from "../solver/formula";
import type { IntervalSet, Scale } from "../solver/interval";
import type { Pattern } from "../solver/pattern";
import { exactPattern } from "../solver/pattern";
import type { StringSet } from "../solver/string-constraint";
import { isAbout } from "./action";
import { type EncodingContext, encodeCondition, isUnknown } from "./condition";
import { anchoredPatterns } from "./pattern-list";

/**
 * What is assumed of a part that is not known yet. `worst`: an Allow lets in, a Deny does not fire. `best`: the reverse.
 * An answer that is the same under both is certain.
 */
export type Assumption = "worst" | "best";

/** A statement's conditions in one context: never met, or met when all of these literals hold. */
export function encodeConditions(
  statement: Statement,
  policy: Policy,
  place: Omit<EncodingContext, "effect" | "variables">,
  assumption: Assumption,
): "never" | readonly Literal[] {
  const literals: Literal[] = [];
  for (const [id, holds] of statement.when ?? []) literals.push({ atom: choice(id), holds });
  for (const condition of statement.conditions) {
    if (assumption === "best" && isUnknown(condition.values) && !canBeChosen(condition)) {
      if (statement.effect === "Allow") return "never";
      continue;
    }
    const compiled = encodeCondition(condition, {
      ...place,
      effect: statement.effect,
      variables: policy.version === "2012-10-17",
    });
    if (compiled === false) return "never";
    if (compiled !== true) literals.push(compiled);
  }
  return literals;
}

/**
 * Whether whoever calls may choose a value to the condition, whatever the unknown value in it turns out to be; the
 * solver tells whether something else stands against it. It says nothing of the MFA keys, nor of true and false.
 */
function canBeChosen({ key, operator }: Condition): boolean {
  const { family } = operator;
  return key !== MFA_PRESENT && family !== "null" && family !== "boolean" && family !== "binary";
}

/** A choice that is not known yet, as an atom that is the same wherever it decides. */
function choice(id: string): Atom {
  const variable = `${CHOICE}${id}`;
  return {
    id: variable,
    variable,
    quantifier: "one",
    opposite: false,
    ifAbsent: false,
    test: { kind: "present" },
  };
}

/** Begins the variable of a choice; no condition key has a space in it. */
export const CHOICE = "choice ";

/** Whether a statement is about an action, with the unknown decided by the assumption. */
export function appliesTo(statement: Statement, action: string, assumption: Assumption): boolean {
  return isAbout(statement.actions, action) ?? (statement.effect === "Allow") === (assumption === "worst");
}

/** That a variable's text is one of a set. */
export function isIn(variable: string, set: StringSet): Literal {
  return { atom: textFact(variable, set), holds: true };
}

export function isNotIn(variable: string, set: StringSet): Literal {
  return { atom: textFact(variable, set), holds: false };
}

const spelt = new WeakMap<StringSet, string>();

function textFact(variable: string, set: StringSet): Atom {
  return {
    id: `${variable} in ${memoize(spelt, set, () => set.map(spelling).join("|"))}`,
    variable,
    quantifier: "one",
    opposite: false,
    ifAbsent: false,
    test: { kind: "text", set },
  };
}

function spelling({ tokens, text, ignoreCase }: Pattern): string {
  const written =
    text ??
    tokens.map((token) => (token.kind === "char" ? token.char : `\u0000${token.kind}\u0000`)).join("");
  return `${ignoreCase ? "~" : ""}${written}`;
}

/** At least one of the literals fails: the clause that keeps a Deny from firing. */
export function fails(literals: readonly Literal[]): Literal[] {
  return literals.map(opposite);
}

export function allHold(literals: readonly Literal[]): Clause[] {
  return literals.map((atom) => [atom]);
}

const TRUE_OR_FALSE: Test = { kind: "text", set: [exactPattern("true", true), exactPattern("false", true)] };

/** Global keys that only ever say true or false. Source: IAM user guide, "AWS global condition context keys". */
const BOOLEAN_KEYS = new Set(["aws:securetransport", "aws:viaawsservice", "aws:multifactorauthpresent"]);

/** Global keys that only ever hold an address or a date; the value of any other key may be a text that is neither. */
const SCALES = new Map<string, Scale>([
  ["aws:sourceip", "ip"],
  ["aws:vpcsourceip", "ip"],
  ["aws:currenttime", "date"],
  ["aws:epochtime", "date"],
]);

/** Keys that every request carries, and a reader-friendly value for each. */
const ALWAYS_PRESENT = new Map<string, readonly [string]>([
  ["aws:securetransport", ["true"]],
  ["aws:currenttime", ["2030-01-01T00:00:00Z"]],
  ["aws:epochtime", ["1893456000"]],
]);

const WHOLE_LINE: IntervalSet = [{}];

function oneOf(...set: readonly Pattern[]): Domain {
  return always({ kind: "text", set });
}

/** Who calls, as far as it decides what a request carries. */
type Identity = Pick<Caller, "kind" | "id">;

/**
 * What the caller and the MFA context say of a global key; `undefined` where they leave it free.
 * Source: IAM user guide, "AWS global condition context keys", "Properties of the principal", and "Information
 * available in the request".
 */
function callerDomain(key: string, context: MfaContext, { kind, id }: Identity): Domain | undefined {
  const isIdentity = kind === "user" || kind === "role" || kind === "federated-user";
  switch (key) {
    case "aws:principaltype":
      return isIdentity ? oneOf(exactPattern(PRINCIPAL_TYPES[kind])) : undefined;
    case "aws:username":
      if (kind === "user") return always();
      return kind === "service" ? undefined : NEVER;
    case "aws:userid":
      if (kind === "user")
        return id === undefined ? oneOf(...anchoredPatterns(["AIDA?*"])) : oneOf(exactPattern(id));
      if (kind === "federated-user") return oneOf(...anchoredPatterns([`${"?".repeat(12)}:?*`]));
      return kind === "role" ? oneOf(...anchoredPatterns([`${id ?? "AROA?*"}:?*`])) : undefined;
    case "aws:tokenissuetime":
      if (kind === "service") return undefined;
      if (kind === "federated" || (kind === "user" && context.kind === "absent")) return NEVER;
      return always({ kind: "line", scale: "date", set: WHOLE_LINE });
    case "aws:principalaccount":
      return isIdentity ? always() : undefined;
    case "aws:principalisawsservice":
      return kind === "federated" ? NEVER : oneOf(exactPattern(kind === "service" ? "true" : "false"));
    case "aws:principalservicename":
      return kind === "service" ? always() : NEVER;
    default:
      return undefined;
  }
}

const PRINCIPAL_TYPES = { user: "User", role: "AssumedRole", "federated-user": "FederatedUser" } as const;

/** What values a condition key can have in a context, in a request of this caller. */
export function keyDomain(key: string, context: MfaContext, caller: Identity): Domain {
  const fixed = callerDomain(key, context, caller);
  if (fixed !== undefined) return fixed;
  const within: Test[] = BOOLEAN_KEYS.has(key) ? [TRUE_OR_FALSE] : [];
  const scale = SCALES.get(key);
  if (scale !== undefined) within.push({ kind: "line", scale, set: WHOLE_LINE });
  const known = valueInContext(context, key);
  if (known?.kind === "range") return always({ kind: "line", scale: "age", set: known.within });
  const prefer = ALWAYS_PRESENT.get(key);
  return { presence: prefer === undefined ? "optional" : "always", within, prefer: prefer ?? [] };
}
