import { anchoredPatterns } from "../encode/pattern-list";
import { parsePolicy } from "../policy/parse";
import { identitiesOf } from "../principal/caller";
import { parseAwsPrincipal } from "../principal/entry";
import { Budget } from "../solver/budget";
import { findString, type StringSet } from "../solver/string-constraint";
import { decideTrust } from "./decide";
import { fixesFor } from "./fix";
import { DEFAULT_TRUST_RULES, type TrustRules } from "./verdict";

export type Remediated =
  /** The document with the condition added, proven protected (or exempt) by the same decision. */
  | { readonly kind: "remediated"; readonly document: unknown }
  /** Nothing to do. */
  | { readonly kind: "sound" }
  /** Left alone: it could lock somebody out, or would not help. */
  | { readonly kind: "left"; readonly reason: string };

/** Who are people, and the document as its owner holds it. */
export interface Remediation {
  /** Anchored ARN patterns (`*`, `?`) of people's users. Nobody else is ever held to MFA by a remediation. */
  readonly peopleArns: readonly string[];
  /**
   * The document with whatever stands in it for secret and for unknown values, where `document` has them read. The
   * result is made from it by reference, so that a secret stays secret and an unknown value unknown. By default `document`.
   */
  readonly source?: unknown;
}

/**
 * Adds the MFA condition to the Allow statements that let people in without MFA, and changes nothing else. A statement
 * that lets in anybody else without MFA leaves the whole document alone. Principals that may come without MFA keep their
 * way in: the statement is split. Text stays text.
 * Source: IAM user guide, "Configuring MFA-protected API access".
 */
export function remediateTrust(
  document: unknown,
  rules: TrustRules = DEFAULT_TRUST_RULES,
  { peopleArns, source = document }: Remediation,
): Remediated {
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return left("it is not a valid trust policy");
  const verdict = decideTrust(parsed.policy, rules);
  if (verdict.kind === "protected" || verdict.kind === "exempt") return { kind: "sound" };
  if (verdict.kind === "anyone-with-mfa")
    return left("anyone gets in with the MFA of any account in the world");
  if (verdict.kind === "unknown") return left(verdict.reason);
  const fixes = fixesFor(parsed.policy, verdict.witnesses, peopleArns);
  const others = fixes.flatMap(({ parts }) =>
    parts.flatMap(({ remedy, principals }) =>
      remedy.kind === "require-mfa" && remedy.people
        ? []
        : principals.map((each) => notPeople(each, remedy.kind)),
    ),
  );
  if (others.length > 0) return left([...new Set(others)].join("; "));
  const people = new Map(
    fixes.map(({ statement, parts }) => [statement, new Set(parts.flatMap(({ principals }) => principals))]),
  );
  try {
    const proof = parsePolicy(edited(document, people, rules), "trust");
    const kind = proof.ok ? decideTrust(proof.policy, rules).kind : "refused";
    if (kind !== "protected" && kind !== "exempt") return left("the condition alone would not close it");
    return { kind: "remediated", document: edited(source, people, rules) };
  } catch (error) {
    if (error instanceof Uneditable) return left(error.message);
    throw error;
  }
}

function left(reason: string): Remediated {
  return { kind: "left", reason };
}

function notPeople(principal: string, remedy: string): string {
  const entry = remedy === "require-mfa" ? parseAwsPrincipal(principal) : undefined;
  if (entry?.kind !== "user" && entry?.kind !== "account")
    return `an MFA condition is no fix for ${principal}`;
  const pattern =
    entry.kind === "user" ? principal : `arn:${entry.partition ?? "aws"}:iam::${entry.account}:user/*`;
  const who = entry.kind === "user" ? "it is a person's" : "all users of that account are people";
  return `peopleArns does not cover ${principal}; if ${who}, add "${pattern}"`;
}

type Json = Readonly<Record<string, unknown>>;

/** A place that has to be changed or copied cannot be seen. */
class Uneditable extends Error {}

function edited(
  document: unknown,
  people: ReadonlyMap<number, ReadonlySet<string>>,
  rules: TrustRules,
): unknown {
  if (typeof document === "string") {
    if (losesDigits(document)) throw new Uneditable("it has a number that JSON text cannot hold exactly");
    return JSON.stringify(edited(JSON.parse(document), people, rules));
  }
  const whole = plain(document);
  const key = keyOf(whole, "Statement");
  const written = whole[key];
  const statements = Array.isArray(written) ? written : [written];
  const after = statements.flatMap((statement: unknown, index): readonly unknown[] => {
    const names = people.get(index);
    return names === undefined ? [statement] : requireMfa(plain(statement), names, rules);
  });
  return { ...whole, [key]: Array.isArray(written) || after.length > 1 ? after : after[0] };
}

/** The statement's parts: whom it still lets in as before, trusted principals of the accounts in it, people with MFA. */
function requireMfa(statement: Json, people: ReadonlySet<string>, rules: TrustRules): readonly Json[] {
  const key = keyOf(statement, "Principal");
  const { open, rest } = splitPrincipal(plain(statement[key]), people);
  const held = withMfa({ ...statement, [key]: open }, rules);
  const trusted = trustedIn(people, rules.trustedPrincipalArns);
  const kept = trusted.length === 0 ? [] : [withoutSid(onlyFor({ ...statement, [key]: open }, trusted))];
  return rest === undefined ? [held, ...kept] : [{ ...statement, [key]: rest }, withoutSid(held), ...kept];
}

/** The trusted patterns that match somebody in the accounts among the principals. */
function trustedIn(principals: ReadonlySet<string>, trusted: readonly string[]): readonly string[] {
  const accounts = [...principals].flatMap((each) => {
    const entry = parseAwsPrincipal(each);
    return entry?.kind === "account" ? [identitiesOf(entry)] : [];
  });
  return trusted.filter((pattern) => {
    const set = anchoredPatterns([pattern]);
    const meets = (identities: StringSet) =>
      findString([identities, set], [], [], new Budget()).kind !== "none";
    if (pattern !== "*" && accounts.some(({ sessions }) => meets(sessions))) {
      throw new Uneditable(`no condition says "${pattern}" of trustedPrincipalArns, which names sessions`);
    }
    return accounts.some(({ all }) => meets(all));
  });
}

/** The principals that get in without MFA, and the rest; no rest when they are all. */
function splitPrincipal(
  principal: Json,
  people: ReadonlySet<string>,
): { open: Json; rest: Json | undefined } {
  const open: [string, unknown][] = [];
  const rest: [string, unknown][] = [];
  for (const [type, names] of Object.entries(principal)) {
    const list: readonly unknown[] = Array.isArray(names) ? names : [names];
    const isOpen = (name: unknown) => typeof name === "string" && people.has(name);
    if (list.every(isOpen)) open.push([type, names]);
    else if (!list.some(isOpen)) rest.push([type, names]);
    else {
      open.push([type, list.filter(isOpen)]);
      rest.push([type, list.filter((name) => !isOpen(name))]);
    }
  }
  if (open.length === 0) throw new Uneditable("a principal of it is secret");
  return { open: Object.fromEntries(open), rest: rest.length === 0 ? undefined : Object.fromEntries(rest) };
}

function withMfa(statement: Json, { maxMfaAgeSeconds }: TrustRules): Json {
  const asked = demand(statement, "Bool", "aws:MultiFactorAuthPresent", "true");
  return maxMfaAgeSeconds === undefined
    ? asked
    : demand(asked, "NumericLessThanEquals", "aws:MultiFactorAuthAge", String(maxMfaAgeSeconds));
}

/** `StringLike` matches from end to end, as the patterns do. */
function onlyFor(statement: Json, patterns: readonly string[]): Json {
  const condition = plain(statement[keyOf(statement, "Condition")] ?? {});
  const keys = plain(condition[keyOf(condition, "StringLike")] ?? {});
  if (keyOf(keys, "aws:PrincipalArn") in keys || patterns.some((each) => each.includes("$"))) {
    throw new Uneditable("its trusted principals cannot be told apart by one more condition");
  }
  return demand(statement, "StringLike", "aws:PrincipalArn", patterns.length === 1 ? patterns[0] : patterns);
}

/** Sets one key of one operator, in the spelling that stands there already. */
function demand(statement: Json, operator: string, key: string, value: unknown): Json {
  const place = keyOf(statement, "Condition");
  const condition = plain(statement[place] ?? {});
  const operatorKey = keyOf(condition, operator);
  const keys = plain(condition[operatorKey] ?? {});
  return { ...statement, [place]: { ...condition, [operatorKey]: { ...keys, [keyOf(keys, key)]: value } } };
}

function withoutSid(statement: Json): Json {
  const { [keyOf(statement, "Sid")]: _, ...rest } = statement;
  return rest;
}

/** The key as the object spells it; elements and condition keys are read without regard to case. */
function keyOf(object: Json, name: string): string {
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}

/** An object of JSON, and not what stands for a secret or an unknown value. */
function plain(value: unknown): Json {
  const isPlain =
    typeof value === "object" &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) throw new Uneditable("a part of it that has to change is secret or not known yet");
  return value as Json;
}

function losesDigits(text: string): boolean {
  const numbers = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((token) => !token.startsWith('"') && String(Number(token)) !== token);
}
