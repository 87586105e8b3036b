import { isAbout } from "./action";
import { compileCondition, isUnknown, type Place } from "./condition/compile";
import type { Condition, Policy, Statement } from "./document/model";
import { anchoredPatterns } from "./pattern-list";
import type { Caller } from "./principal/caller";
import type { Clause, Domain, Fact, Literal, Test } from "./solver/fact";
import type { LineSet, Scale } from "./solver/line";
import type { Pattern } from "./solver/pattern";
import { literal } from "./solver/pattern";
import type { TextSet } from "./solver/text";
import { knownIn, MFA_AGE, MFA_PRESENT, type World } from "./world";

/**
 * What is assumed of a part that is not known yet. `worst`: an Allow lets in, a Deny does not fire. `best`: the reverse.
 * An answer that is the same under both is certain.
 */
export type Outlook = "worst" | "best";

/** A statement's conditions in one world: never met, or met when all of these facts hold. */
export function conditionFacts(
  statement: Statement,
  policy: Policy,
  place: Omit<Place, "effect" | "variables">,
  outlook: Outlook,
): "never" | readonly Literal[] {
  const facts: Literal[] = [];
  for (const [id, holds] of statement.when ?? []) facts.push({ fact: choice(id), holds });
  for (const condition of statement.conditions) {
    if (outlook === "best" && isUnknown(condition.values) && !canBeChosen(condition)) {
      if (statement.effect === "Allow") return "never";
      continue;
    }
    const compiled = compileCondition(condition, {
      ...place,
      effect: statement.effect,
      variables: policy.version === "2012-10-17",
    });
    if (compiled === false) return "never";
    if (compiled !== true) facts.push(compiled);
  }
  return facts;
}

/**
 * Whether whoever calls may choose a value to the condition, whatever the unknown value in it turns out to be; the
 * solver tells whether something else stands against it. It says nothing of the MFA keys, nor of true and false.
 */
function canBeChosen({ key, operator }: Condition): boolean {
  const { family } = operator;
  return (
    key !== MFA_PRESENT && key !== MFA_AGE && family !== "null" && family !== "boolean" && family !== "binary"
  );
}

/** A choice that is not known yet, as a fact that is the same wherever it decides. */
function choice(id: string): Fact {
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

/** Whether a statement is about an action, with the unknown decided by the outlook. */
export function appliesTo(statement: Statement, action: string, outlook: Outlook): boolean {
  return isAbout(statement.actions, action) ?? (statement.effect === "Allow") === (outlook === "worst");
}

/** That a variable's text is one of a set. */
export function isIn(variable: string, set: TextSet): Literal {
  return { fact: textFact(variable, set), holds: true };
}

export function isNotIn(variable: string, set: TextSet): Literal {
  return { fact: textFact(variable, set), holds: false };
}

function textFact(variable: string, set: TextSet): Fact {
  return {
    id: `${variable} in ${set.map(spelling).join("|")}`,
    variable,
    quantifier: "one",
    opposite: false,
    ifAbsent: false,
    test: { kind: "text", set },
  };
}

function spelling({ tokens, literal: text, ignoreCase }: Pattern): string {
  const written =
    text ??
    tokens.map((token) => (token.kind === "char" ? token.char : `\u0000${token.kind}\u0000`)).join("");
  return `${ignoreCase ? "~" : ""}${written}`;
}

/** At least one of the facts fails: the clause that keeps a Deny from firing. */
export function fails(facts: readonly Literal[]): Literal[] {
  return facts.map(({ fact, holds }) => ({ fact, holds: !holds }));
}

export function allHold(facts: readonly Literal[]): Clause[] {
  return facts.map((fact) => [fact]);
}

const TRUE_OR_FALSE: Test = { kind: "text", set: [literal("true", true), literal("false", true)] };

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
const ALWAYS_PRESENT = new Map<string, string>([
  ["aws:securetransport", "true"],
  ["aws:currenttime", "2030-01-01T00:00:00Z"],
  ["aws:epochtime", "1893456000"],
]);

const WHOLE_LINE: LineSet = [{}];

const FREE: Domain = { presence: "optional", within: [], prefer: [] };
const NEVER: Domain = { presence: "never", within: [], prefer: [] };

function always(...texts: readonly Pattern[]): Domain {
  return { presence: "always", within: texts.length === 0 ? [] : [{ kind: "text", set: texts }], prefer: [] };
}

/** Who calls, as far as it decides what a request carries. */
type Identity = Pick<Caller, "kind" | "id">;

/**
 * What the caller and the world say of a global key; `undefined` where they leave it free.
 * Source: IAM user guide, "AWS global condition context keys", "Properties of the principal", and "Information
 * available in the request".
 */
function callerDomain(key: string, world: World, { kind, id }: Identity): Domain | undefined {
  const isIdentity = kind === "user" || kind === "role" || kind === "federated-user";
  switch (key) {
    case "aws:principaltype":
      return isIdentity ? always(literal(PRINCIPAL_TYPES[kind])) : undefined;
    case "aws:username":
      if (kind === "user") return always();
      return kind === "service" ? undefined : NEVER;
    case "aws:userid":
      if (kind === "user")
        return id === undefined ? always(...anchoredPatterns(["AIDA?*"])) : always(literal(id));
      return kind === "role" ? always(...anchoredPatterns([`${id ?? "AROA?*"}:?*`])) : undefined;
    case "aws:tokenissuetime":
      if (kind === "service") return undefined;
      if (kind === "federated" || (kind === "user" && world.kind === "absent")) return NEVER;
      return { ...always(), within: [{ kind: "line", scale: "date", set: WHOLE_LINE }] };
    case "aws:principalaccount":
      return isIdentity ? always() : undefined;
    case "aws:principalisawsservice":
      return kind === "federated" ? NEVER : always(literal(kind === "service" ? "true" : "false"));
    case "aws:principalservicename":
      return kind === "service" ? always() : NEVER;
    default:
      return undefined;
  }
}

const PRINCIPAL_TYPES = { user: "User", role: "AssumedRole", "federated-user": "FederatedUser" } as const;

/** What values a condition key can have in a world, in a request of this caller. */
export function keyDomain(key: string, world: World, caller: Identity): Domain {
  const fixed = callerDomain(key, world, caller);
  if (fixed !== undefined) return fixed;
  const within: Test[] = BOOLEAN_KEYS.has(key) ? [TRUE_OR_FALSE] : [];
  const scale = SCALES.get(key);
  if (scale !== undefined) within.push({ kind: "line", scale, set: WHOLE_LINE });
  const presence = ALWAYS_PRESENT.has(key) ? "always" : "optional";
  if (key === MFA_AGE) {
    const known = knownIn(world, key);
    if (known?.kind === "range") {
      return {
        presence: "always",
        within: [{ kind: "line", scale: "age", set: known.within }],
        prefer: [],
      };
    }
  }
  const preferred = ALWAYS_PRESENT.get(key);
  if (within.length === 0 && presence === "optional") return FREE;
  return { presence, within, prefer: preferred === undefined ? [] : [preferred] };
}
