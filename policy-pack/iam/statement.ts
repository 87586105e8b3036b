import { isAbout } from "./action";
import { CALLER_ARN, compileCondition, type Place } from "./condition/compile";
import type { Policy, Statement } from "./document/model";
import { Opaque } from "./opaque";
import type { Clause, Domain, Fact, Literal, Test } from "./solver/fact";
import type { LineSet, Scale } from "./solver/line";
import type { Pattern } from "./solver/pattern";
import { literal } from "./solver/pattern";
import type { TextSet } from "./solver/text";
import { knownIn, MFA_AGE, type World } from "./world";

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
  for (const condition of statement.conditions) {
    const isUnknown = condition.values.some((value) => value instanceof Opaque) && isDecisive(condition.key);
    if (isUnknown && outlook === "best") {
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

/** The keys that the decision is about. Whoever calls may meet a condition on any other, whatever its value will be. */
function isDecisive(key: string): boolean {
  return key.startsWith("aws:multifactorauth") || key === CALLER_ARN;
}

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
const BOOLEAN_KEYS = new Set([
  "aws:securetransport",
  "aws:viaawsservice",
  "aws:principalisawsservice",
  "aws:multifactorauthpresent",
]);

/** Global keys that only ever hold an address or a date; the value of any other key may be a text that is neither. */
const SCALES = new Map<string, Scale>([
  ["aws:sourceip", "ip"],
  ["aws:vpcsourceip", "ip"],
  ["aws:currenttime", "date"],
  ["aws:epochtime", "date"],
  ["aws:tokenissuetime", "date"],
]);

/** Keys that every request carries, and a reader-friendly value for each. */
const ALWAYS_PRESENT = new Map<string, string>([
  ["aws:securetransport", "true"],
  ["aws:currenttime", "2030-01-01T00:00:00Z"],
  ["aws:epochtime", "1893456000"],
]);

const WHOLE_LINE: LineSet = [{}];

const FREE: Domain = { presence: "optional", within: [], prefer: [] };

/** What values a condition key can have in a world. */
export function keyDomain(key: string, world: World): Domain {
  const within: Test[] = BOOLEAN_KEYS.has(key) ? [TRUE_OR_FALSE] : [];
  const scale = SCALES.get(key);
  if (scale !== undefined) within.push({ kind: "line", scale, set: WHOLE_LINE });
  const presence = ALWAYS_PRESENT.has(key) ? "always" : "optional";
  if (key === MFA_AGE) {
    const known = knownIn(world, key);
    if (known?.kind === "range") {
      return {
        presence: "always",
        within: [{ kind: "line", scale: "number", set: known.within }],
        prefer: [],
      };
    }
  }
  const preferred = ALWAYS_PRESENT.get(key);
  if (within.length === 0 && presence === "optional") return FREE;
  return { presence, within, prefer: preferred === undefined ? [] : [preferred] };
}
