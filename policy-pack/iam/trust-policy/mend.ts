import { parsePolicy } from "../document/parse";
import { decideTrust } from "./decide";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustWitness } from "./verdict";

export type Mended =
  /** The document with the condition added, proven protected (or exempt) by the same decision. */
  | { readonly kind: "mended"; readonly document: unknown }
  /** Nothing to do. */
  | { readonly kind: "sound" }
  /** The condition cannot help, or the document cannot be read; it is left alone. */
  | { readonly kind: "unmendable"; readonly reason: string };

/**
 * Adds the MFA condition to the Allow statements that let an enforced principal in without MFA, and to nothing else.
 * A statement that also names exempt principals is split, so that they keep their way in. Text stays text.
 * Source: IAM user guide, "Configuring MFA-protected API access".
 */
export function mendTrust(document: unknown, rules: TrustRules = DEFAULT_TRUST_RULES): Mended {
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return { kind: "unmendable", reason: "the document is not a valid trust policy" };
  const verdict = decideTrust(parsed.policy, rules);
  if (verdict.kind === "protected" || verdict.kind === "exempt") return { kind: "sound" };
  if (verdict.kind === "unknown") return { kind: "unmendable", reason: verdict.reason };
  const role = verdict.witnesses.find((witness) => witness.class === "role");
  if (role !== undefined) {
    return {
      kind: "unmendable",
      reason: "a role's session cannot prove MFA, so a condition would lock it out",
    };
  }
  const written: unknown = typeof document === "string" ? JSON.parse(document) : document;
  const mended = addConditions(written, openPrincipals(verdict.witnesses), rules);
  const again = parsePolicy(mended, "trust");
  const proof = again.ok ? decideTrust(again.policy, rules).kind : "refused";
  if (proof !== "protected" && proof !== "exempt") {
    return { kind: "unmendable", reason: "with the condition added it would still not be proven protected" };
  }
  return { kind: "mended", document: typeof document === "string" ? JSON.stringify(mended) : mended };
}

type Json = Readonly<Record<string, unknown>>;

function openPrincipals(witnesses: readonly TrustWitness[]): ReadonlyMap<number, ReadonlySet<string>> {
  const open = new Map<number, Set<string>>();
  for (const { statement, principal } of witnesses) {
    const names = open.get(statement) ?? new Set();
    open.set(statement, names.add(principal));
  }
  return open;
}

function addConditions(
  document: unknown,
  open: ReadonlyMap<number, ReadonlySet<string>>,
  rules: TrustRules,
): unknown {
  if (!isObject(document)) return document;
  const key = keyOf(document, "Statement");
  const statements: unknown = document[key];
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  const mended = list.flatMap((statement, index): readonly unknown[] => {
    const names = open.get(index);
    return names === undefined || !isObject(statement) ? [statement] : mendStatement(statement, names, rules);
  });
  return { ...document, [key]: Array.isArray(statements) || mended.length > 1 ? mended : mended[0] };
}

function mendStatement(statement: Json, open: ReadonlySet<string>, rules: TrustRules): readonly Json[] {
  const key = keyOf(statement, "Principal");
  const principal = statement[key];
  const split = isObject(principal) ? splitPrincipal(principal, open) : undefined;
  if (split === undefined || split.rest === undefined) return [withCondition(statement, rules)];
  const { [keyOf(statement, "Sid")]: _, ...unnamed } = statement;
  return [{ ...statement, [key]: split.rest }, withCondition({ ...unnamed, [key]: split.open }, rules)];
}

/** The principals that get in without MFA, and the rest; no rest when they are all. */
function splitPrincipal(principal: Json, open: ReadonlySet<string>): { open: Json; rest: Json | undefined } {
  const inside: [string, unknown][] = [];
  const rest: [string, unknown][] = [];
  for (const [type, names] of Object.entries(principal)) {
    const list: readonly unknown[] = Array.isArray(names) ? names : [names];
    const isOpen = (name: unknown) => typeof name === "string" && open.has(name);
    if (list.every(isOpen)) inside.push([type, names]);
    else if (!list.some(isOpen)) rest.push([type, names]);
    else {
      inside.push([type, list.filter(isOpen)]);
      rest.push([type, list.filter((name) => !isOpen(name))]);
    }
  }
  return { open: Object.fromEntries(inside), rest: rest.length === 0 ? undefined : Object.fromEntries(rest) };
}

function withCondition(statement: Json, { maxMfaAgeSeconds }: TrustRules): Json {
  const key = keyOf(statement, "Condition");
  const present = statement[key];
  let condition = demand(isObject(present) ? present : {}, "Bool", "aws:MultiFactorAuthPresent", "true");
  if (maxMfaAgeSeconds !== undefined) {
    condition = demand(
      condition,
      "NumericLessThanEquals",
      "aws:MultiFactorAuthAge",
      String(maxMfaAgeSeconds),
    );
  }
  return { ...statement, [key]: condition };
}

/** Sets one key of one operator, in the spelling that stands there already. */
function demand(condition: Json, operator: string, key: string, value: string): Json {
  const operatorKey = keyOf(condition, operator);
  const keys = condition[operatorKey];
  const held = isObject(keys) ? keys : {};
  return { ...condition, [operatorKey]: { ...held, [keyOf(held, key)]: value } };
}

/** The key as the object spells it; elements and condition keys are read without regard to case. */
function keyOf(object: Json, name: string): string {
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
