import { parsePolicy } from "../policy/parse";
import { parseAwsPrincipal } from "../principal/entry";
import { decideTrust, waysInWithMfa } from "./decide";
import { fixesFor, type Kept } from "./fix";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict } from "./verdict";

export type Remediated =
  /** The document with the condition, for which `decideTrust` returns `protected` or `exempt`. */
  | { readonly kind: "remediated"; readonly document: unknown }
  /** Nothing to do. */
  | { readonly kind: "sound" }
  /** Left alone: the condition could lock a principal out, or would not help. */
  | { readonly kind: "left"; readonly why: LeftAlone };

/** Why a document is left alone. */
export type LeftAlone =
  /** AWS would refuse it. */
  | { readonly kind: "refused" }
  | { readonly kind: "anyone-with-mfa" }
  | Extract<TrustVerdict, { kind: "unknown" }>
  | { readonly kind: "not-people"; readonly principals: readonly NotPeople[] }
  /** A principal gets in only without MFA, so that the condition would lock it out. */
  | { readonly kind: "without-mfa" }
  /** The condition alone would not protect the role. */
  | { readonly kind: "still-open" }
  /** It has a number that `JSON.stringify` would round. */
  | { readonly kind: "long-number" }
  /** A part that must change is secret or unknown. */
  | { readonly kind: "hidden"; readonly part: "principal" | "other" }
  /** A pattern of `trustedPrincipalArns` matches sessions, which no condition can. */
  | { readonly kind: "trusted-session"; readonly pattern: string }
  /** No further condition distinguishes the principals that are exempt from MFA. */
  | { readonly kind: "inseparable" };

/** A principal for which the MFA condition is no fix, unless this pattern is in `peopleArns`. */
export interface NotPeople {
  readonly principal: string;
  readonly unless?: { readonly kind: "user" | "account"; readonly pattern: string };
}

/** How to remediate a document. */
export interface Remediation {
  /** Anchored ARN patterns (`*`, `?`) of people's users. A remediation requires MFA of no other principal. */
  readonly peopleArns: readonly string[];
  /**
   * The document before its secrets and unknown values were read, from which the result is made, so that a secret stays
   * secret. By default `document`.
   */
  readonly source?: unknown;
}

/**
 * Adds the MFA condition to the Allow statements that let people in without MFA, and changes nothing else. If a statement lets
 * in any other principal without MFA, the whole document is left alone. Exempt principals keep their way in: the statement is
 * split. Text stays text.
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

/** The principals of a statement that are people, and the identities among them that keep their way in. */
interface People {
  readonly names: ReadonlySet<string>;
  readonly keeps: Kept;
}

/** Why a document cannot be edited. */
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

/** The parts of a statement: for principals that need no fix, for people with MFA, and for exempt identities of accounts. */
function requireMfa(statement: Json, { names, keeps }: People, rules: TrustRules): readonly Json[] {
  const key = keyOf(statement, "Principal");
  const { open, rest } = splitPrincipal(plain(statement[key]), names);
  const asked = { ...statement, [key]: open };
  const held = withMfa(asked, rules);
  const kept = keptApart(asked, keeps).map(withoutSid);
  return rest === undefined ? [held, ...kept] : [{ ...statement, [key]: rest }, withoutSid(held), ...kept];
}

/** The statement for the identities alone that keep their way in. */
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

/** The principals that get in without MFA, and the rest, if there is one. */
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

/** Sets one key of one operator, in the spelling of the document. */
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

/** The key as the object spells it, in any case. */
function keyOf(object: Json, name: string): string {
  return Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}

/** A JSON object, not a placeholder for a secret or an unknown value. */
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
