import { parsePolicy } from "../policy/parse";
import { parseAwsPrincipal } from "../principal/entry";
import { decideTrust, waysInWithMfa } from "./decide";
import { fixesFor, type Kept } from "./fix";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict } from "./verdict";

export type Remediated =
  /** The document with the condition added, proven protected (or exempt) by the same decision. */
  | { readonly kind: "remediated"; readonly document: unknown }
  /** Nothing to do. */
  | { readonly kind: "sound" }
  /** Left alone: it could lock somebody out, or would not help. */
  | { readonly kind: "left"; readonly why: LeftAlone };

/** Why a document is left alone. */
export type LeftAlone =
  /** AWS would refuse it. */
  | { readonly kind: "refused" }
  | { readonly kind: "anyone-with-mfa" }
  | Extract<TrustVerdict, { kind: "unknown" }>
  | { readonly kind: "not-people"; readonly principals: readonly NotPeople[] }
  /** Somebody gets in without MFA alone, so that with the condition they never would. */
  | { readonly kind: "without-mfa" }
  /** The condition alone would not close it. */
  | { readonly kind: "still-open" }
  /** It has a number that JSON text cannot hold exactly. */
  | { readonly kind: "long-number" }
  /** A part that has to change is secret or not known yet. */
  | { readonly kind: "hidden"; readonly part: "principal" | "other" }
  /** A pattern of `trustedPrincipalArns` that names sessions, which no condition can. */
  | { readonly kind: "trusted-session"; readonly pattern: string }
  /** No further condition tells those apart who may come without MFA. */
  | { readonly kind: "inseparable" };

/** A principal for whom an MFA condition is no fix; `unless`: it would be with this pattern in `peopleArns`. */
export interface NotPeople {
  readonly principal: string;
  readonly unless?: { readonly kind: "user" | "account"; readonly pattern: string };
}

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
  if (!parsed.ok) return left({ kind: "refused" });
  const verdict = decideTrust(parsed.policy, rules);
  if (verdict.kind === "protected" || verdict.kind === "exempt") return { kind: "sound" };
  if (verdict.kind === "anyone-with-mfa") return left({ kind: verdict.kind });
  if (verdict.kind === "unknown") return left(verdict);
  const fixes = fixesFor(parsed.policy, verdict.witnesses, rules, peopleArns);
  const others = fixes.flatMap(({ parts }) =>
    parts.flatMap(({ remedy, principals }) =>
      remedy.kind === "require-mfa" && remedy.people
        ? []
        : principals.map((each) => notPeople(each, remedy.kind)),
    ),
  );
  if (others.length > 0) return left({ kind: "not-people", principals: others });
  const people = new Map(
    fixes.map(({ statement, parts, keeps }): [number, People] => {
      return [statement, { names: new Set(parts.flatMap(({ principals }) => principals)), keeps }];
    }),
  );
  try {
    const proof = parsePolicy(edited(document, people, rules), "trust");
    const kind = proof.ok ? decideTrust(proof.policy, rules).kind : "refused";
    if (!proof.ok || (kind !== "protected" && kind !== "exempt")) return left({ kind: "still-open" });
    const able = new Set(waysInWithMfa(proof.policy).map(({ principal }) => principal));
    const isAble = [...people.values()].every(({ names }) => [...names].every((name) => able.has(name)));
    if (!isAble) return left({ kind: "without-mfa" });
    return { kind: "remediated", document: edited(source, people, rules) };
  } catch (error) {
    if (error instanceof Uneditable) return left(error.why);
    throw error;
  }
}

function left(why: LeftAlone): Remediated {
  return { kind: "left", why };
}

function notPeople(principal: string, remedy: string): NotPeople {
  const entry = remedy === "require-mfa" ? parseAwsPrincipal(principal) : undefined;
  if (entry?.kind !== "user" && entry?.kind !== "account") return { principal };
  const pattern =
    entry.kind === "user" ? principal : `arn:${entry.partition ?? "aws"}:iam::${entry.account}:user/*`;
  return { principal, unless: { kind: entry.kind, pattern } };
}

type Json = Readonly<Record<string, unknown>>;

/** The principals of a statement that are people, and who of them keeps coming without MFA. */
interface People {
  readonly names: ReadonlySet<string>;
  readonly keeps: Kept;
}

/** A place that has to be changed or copied cannot be seen. */
class Uneditable extends Error {
  constructor(readonly why: LeftAlone) {
    super(why.kind);
  }
}

function edited(document: unknown, people: ReadonlyMap<number, People>, rules: TrustRules): unknown {
  if (typeof document === "string") {
    if (losesDigits(document)) throw new Uneditable({ kind: "long-number" });
    return JSON.stringify(edited(JSON.parse(document), people, rules));
  }
  const whole = plain(document);
  const key = keyOf(whole, "Statement");
  const written = whole[key];
  const statements = Array.isArray(written) ? written : [written];
  const after = statements.flatMap((statement: unknown, index): readonly unknown[] => {
    const found = people.get(index);
    return found === undefined ? [statement] : requireMfa(plain(statement), found, rules);
  });
  return { ...whole, [key]: Array.isArray(written) || after.length > 1 ? after : after[0] };
}

/** The statement's parts: whom it still lets in as before, who of the accounts in it is exempt, people with MFA. */
function requireMfa(statement: Json, { names, keeps }: People, rules: TrustRules): readonly Json[] {
  const key = keyOf(statement, "Principal");
  const { open, rest } = splitPrincipal(plain(statement[key]), names);
  const asked = { ...statement, [key]: open };
  const held = withMfa(asked, rules);
  const kept = keptApart(asked, keeps).map(withoutSid);
  return rest === undefined ? [held, ...kept] : [{ ...statement, [key]: rest }, withoutSid(held), ...kept];
}

/** The statement for those alone who keep coming without MFA. */
function keptApart(statement: Json, { roles, trusted, sessions: [session] }: Kept): readonly Json[] {
  if (session !== undefined) {
    throw new Uneditable({ kind: "trusted-session", pattern: session });
  }
  return [
    ...(roles ? [onlyFor(statement, "StringEquals", "aws:PrincipalType", ["AssumedRole"])] : []),
    // `StringLike` matches from end to end, as the patterns do.
    ...(trusted.length > 0 ? [onlyFor(statement, "StringLike", "aws:PrincipalArn", trusted)] : []),
  ];
}

/** The principals that get in without MFA, and the rest; no rest when they are all. */
function splitPrincipal(
  principal: Json,
  people: ReadonlySet<unknown>,
): { open: Json; rest: Json | undefined } {
  const open: [string, unknown][] = [];
  const rest: [string, unknown][] = [];
  for (const [type, names] of Object.entries(principal)) {
    const list: readonly unknown[] = Array.isArray(names) ? names : [names];
    const isOpen = (name: unknown) => people.has(name);
    if (list.every(isOpen)) open.push([type, names]);
    else if (!list.some(isOpen)) rest.push([type, names]);
    else {
      open.push([type, list.filter(isOpen)]);
      rest.push([type, list.filter((name) => !isOpen(name))]);
    }
  }
  const found = new Set(open.flatMap(([, names]) => names));
  if (found.size < people.size) throw new Uneditable({ kind: "hidden", part: "principal" });
  return { open: Object.fromEntries(open), rest: rest.length === 0 ? undefined : Object.fromEntries(rest) };
}

function withMfa(statement: Json, { maxMfaAgeSeconds }: TrustRules): Json {
  const asked = demand(statement, "Bool", "aws:MultiFactorAuthPresent", "true");
  return maxMfaAgeSeconds === undefined
    ? asked
    : demand(asked, "NumericLessThanEquals", "aws:MultiFactorAuthAge", String(maxMfaAgeSeconds));
}

/** The statement with one more condition. */
function onlyFor(statement: Json, operator: string, key: string, values: readonly string[]): Json {
  const condition = plain(statement[keyOf(statement, "Condition")] ?? {});
  const keys = plain(condition[keyOf(condition, operator)] ?? {});
  if (keyOf(keys, key) in keys || values.some((each) => each.includes("$"))) {
    throw new Uneditable({ kind: "inseparable" });
  }
  return demand(statement, operator, key, values.length === 1 ? values[0] : values);
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
  if (!isPlain) throw new Uneditable({ kind: "hidden", part: "other" });
  return value as Json;
}

function losesDigits(text: string): boolean {
  const numbers = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((token) => !token.startsWith('"') && String(Number(token)) !== token);
}
