import { anchoredPatterns } from "../encode/pattern-list";
import { mayBeSame } from "../encode/policy-pattern";
import type { Selection, Statement } from "../policy/model";
import { identityOf, partsOf, type Text, type Unknown, written } from "../policy/unknown";
import { charsOf, type Pattern, pattern, type Token, type UnknownToken } from "../solver/pattern";
import type { StringSet } from "../solver/string-constraint";
import { classOf, idOf, type PrincipalClass, type PrincipalEntry } from "./entry";

/** The three calls that open a role's session. */
export type AssumeRoleAction = "sts:AssumeRole" | "sts:AssumeRoleWithSAML" | "sts:AssumeRoleWithWebIdentity";

/**
 * What kind of identity calls, which decides what its requests carry. `federated` is whoever an identity provider
 * vouches for; the call is not signed. `federated-user` is a session of `sts:GetFederationToken`: like a root user it cannot
 * call `sts:AssumeRole`, so that no trust policy lets it in.
 * Source: IAM user guide, "Compare AWS STS credentials".
 */
export type CallerKind = "user" | "role" | "service" | "federated" | "federated-user";

/** A set of callers that one entry of an Allow statement lets in, all judged alike. */
export interface Caller {
  readonly entry: PrincipalEntry;
  readonly kind: CallerKind;
  /** The class that it is judged by. `unknown` when the principal is not known yet. */
  readonly class: PrincipalClass | "unknown";
  readonly wayIn: AssumeRoleAction;
  /** `aws:PrincipalArn` of the callers, which for a role's session is the role's ARN. Absent for services and federation. */
  readonly arns?: StringSet;
  /** The ARN of the session itself, where it matters. */
  readonly sessions?: StringSet;
  /** The unique id, where the document names it. */
  readonly id?: string;
}

const NAME: readonly Token[] = [
  { kind: "any", within: "name" },
  { kind: "many", within: "name" },
];
const TEXT: Token = { kind: "many", within: "text" };
const PART: Token = { kind: "many", within: "segment" };
const DIGITS: readonly Token[] = Array.from({ length: 12 }, () => ({ kind: "digit" }));

type Part = Text | Token;
type Parts = readonly Part[];

function spell(...parts: readonly (Part | Parts)[]): Pattern {
  const tokens = parts.flat().flatMap((part): Token[] => {
    if (isToken(part)) return [part];
    return partsOf(part).flatMap((each): Token[] =>
      typeof each === "string" ? charsOf(each) : [unknown(each, "segment")],
    );
  });
  return pattern(tokens, false);
}

function isToken(part: Part): part is Token {
  return typeof part !== "string" && "kind" in part;
}

/** An account, and its partition where that is known. */
export interface Home {
  readonly account: Text;
  readonly partition?: Text;
}

/** Who there is in an account, by ARN. `partition`: the document's, where the account is named by its number alone. */
export function identitiesOf(
  { account, partition: own }: Home,
  partition: Parts = ANY_PARTITION,
): {
  readonly users: StringSet;
  readonly all: StringSet;
  readonly sessions: StringSet;
  readonly federatedUsers: StringSet;
} {
  const within = own === undefined ? partition : [own];
  return {
    users: members(within, account, "user"),
    all: KINDS.flatMap((kind) => members(within, account, kind)),
    sessions: [spell("arn:", within, ":sts::", account, ":assumed-role/", NAME, "/", NAME)],
    federatedUsers: [spell("arn:", within, ":sts::", account, ":federated-user/", NAME)],
  };
}

/**
 * Configured ARN patterns, as they are held against the callers of a document in this partition. Where no principal
 * names one, the accounts are given by their numbers, and an account is in one partition only: the pattern's own, if the
 * pattern is about it at all.
 */
export function configuredArns(patterns: readonly string[], partition: Parts): StringSet {
  return patterns.flatMap((source) => {
    const [, rest] = /^arn:aws[a-z0-9-]*(:.*)/s.exec(source) ?? [];
    if (partition !== ANY_PARTITION || rest === undefined) return anchoredPatterns([source]);
    return anchoredPatterns([rest]).map(({ tokens }) => spell("arn:", ANY_PARTITION, tokens));
  });
}

function unknown(part: Unknown, within: "text" | "segment"): UnknownToken {
  return { kind: "unknown", id: identityOf(part), label: part.label, within, reading: "exact" };
}

const KINDS = ["user", "role"] as const;

/** Users or roles, with a path or without. A path may hold any character, a colon too. */
function members(partition: Parts, account: Part | Parts, kind: (typeof KINDS)[number]): StringSet {
  const before: Parts = ["arn:", ...partition, ":iam::", ...[account].flat(), `:${kind}/`];
  return [spell(before, NAME), spell(before, TEXT, "/", NAME)];
}

const ANY_PARTITION: Parts = ["aws", PART];

/** Any user of any account, by ARN. */
export const ANY_USER: StringSet = members(ANY_PARTITION, DIGITS, "user");

/** Any session of `sts:GetFederationToken`, by ARN. */
export const ANY_FEDERATED_USER: StringSet = [
  spell("arn:", ANY_PARTITION, ":sts::", DIGITS, ":federated-user/", NAME),
];

/**
 * The partition that the document's principals live in; AWS takes only those of the role's own. Where no principal
 * says it, it may be any: an ARN in a condition says only what is compared, not where the role is.
 */
export function partitionOf(statements: readonly Statement[]): Parts {
  for (const { principals } of statements) {
    for (const entry of principals?.entries ?? []) {
      if ("partition" in entry && entry.partition !== undefined) return [entry.partition];
      const [, known] = /^arn:(aws[a-z0-9-]*):/.exec(written(entry.text)) ?? [];
      if (known !== undefined) return [known];
    }
  }
  return ANY_PARTITION;
}

/** How everyone but the named is called. */
const NOT_PRINCIPAL = "NotPrincipal";

/** Conditions on these keys say which users and roles of an account are meant. */
const NARROWING_KEYS = new Set(["aws:principalarn", "aws:principaltype", "aws:username", "aws:userid"]);

/** Whom one entry of a statement's principals names. */
export interface NamedCallers {
  readonly entry: PrincipalEntry;
  readonly callers: readonly Caller[];
}

/**
 * Everyone whom the statement's principals name, users and roles apart, since what a request carries depends on it. An
 * account, or anyone, that a condition narrows to some of its users or roles is judged by the class of what is left.
 * AWS refuses `NotPrincipal` in a trust policy; beside Allow it counts as anyone.
 */
export function callersOf(statement: Statement, partition: Parts): readonly NamedCallers[] {
  const selection = statement.principals;
  if (selection === undefined) return [];
  const isNarrowed = statement.conditions.some(
    ({ key, operator }) => NARROWING_KEYS.has(key) && !operator.negated && operator.family !== "null",
  );
  const entries: readonly PrincipalEntry[] = selection.negated
    ? [{ kind: "anyone", text: NOT_PRINCIPAL }]
    : selection.entries;
  return entries.map((entry) => ({ entry, callers: callersIn(entry, partition, isNarrowed) }));
}

function callersIn(entry: PrincipalEntry, partition: Parts, isNarrowed: boolean): readonly Caller[] {
  const caller = (kind: CallerKind, arns: StringSet, more: Partial<Caller> = {}): Caller => ({
    entry,
    kind,
    class: classOf(entry),
    wayIn: "sts:AssumeRole",
    arns,
    ...more,
  });
  switch (entry.kind) {
    case "anyone":
      return anyone(entry, partition);
    case "account": {
      const own = entry.partition === undefined ? partition : [entry.partition];
      return KINDS.map((kind) =>
        caller(kind, members(own, entry.account, kind), isNarrowed ? { class: kind } : {}),
      );
    }
    case "user":
      return entry.isFederated ? [] : [caller("user", [spell(entry.text)])];
    case "role":
      return [caller("role", [spell(entry.text)], { sessions: [sessionsOf(entry)] })];
    case "session":
      return [caller("role", rolesOf(entry), { sessions: [spell(entry.text)] })];
    case "id":
      return [caller(entry.class, members(partition, DIGITS, entry.class), { id: entry.text })];
    case "service":
      return [{ entry, kind: "service", class: "service", wayIn: "sts:AssumeRole" }];
    case "federated":
      return PROTOCOLS.filter(
        ([protocol]) => entry.protocol === "unknown" || entry.protocol === protocol,
      ).map(([, wayIn]) => ({ entry, kind: "federated", class: "federated", wayIn }));
    case "unknown": {
      // Whoever calls is of the principal, but need not be called like it: an account is called by its users and roles.
      const whoever = { ...unknown(entry.text, "text"), id: `caller of ${identityOf(entry.text)}` };
      return [
        ...KINDS.map((kind) => caller(kind, [pattern([whoever], false)])),
        ...PROTOCOLS.map(([, wayIn]): Caller => ({ entry, kind: "federated", class: "unknown", wayIn })),
        { entry, kind: "service", class: "service", wayIn: "sts:AssumeRole" },
      ];
    }
    case "anybody":
      return anyone(entry, partition).map((each) => ({ ...each, class: "unknown" }));
  }
}

const PROTOCOLS = [
  ["saml", "sts:AssumeRoleWithSAML"],
  ["web", "sts:AssumeRoleWithWebIdentity"],
] as const;

/** Anyone at all: every identity of every account, whoever an identity provider vouches for, and every service. */
function anyone(entry: PrincipalEntry, partition: Parts): readonly Caller[] {
  const judged = { entry, class: "anyone" } as const;
  return [
    ...KINDS.map((kind): Caller => {
      return { ...judged, kind, wayIn: "sts:AssumeRole", arns: members(partition, DIGITS, kind) };
    }),
    ...PROTOCOLS.map(([, wayIn]): Caller => ({ ...judged, kind: "federated", wayIn })),
    { entry, kind: "service", class: "service", wayIn: "sts:AssumeRole" },
  ];
}

/** Users and roles of an account that may be any, of which nothing else is known. */
export function strangers(entry: PrincipalEntry, account: Unknown, partition: Parts): readonly Caller[] {
  return KINDS.map((kind) => {
    const arns = members(partition, account, kind);
    return { entry, kind, class: "anyone", wayIn: "sts:AssumeRole", arns };
  });
}

function sessionsOf({ partition, account, name }: Extract<PrincipalEntry, { kind: "role" }>): Pattern {
  return spell("arn:", partition, ":sts::", account, ":assumed-role/", name, "/", NAME);
}

/** The roles that a session can be of: its ARN leaves out the role's path. */
function rolesOf({ partition, account, name }: Extract<PrincipalEntry, { kind: "session" }>): StringSet {
  const role: Parts = ["arn:", partition, ":iam::", account, ":role/"];
  return [spell(role, name), spell(role, TEXT, "/", name)];
}

/** Whom a Deny names, by ARN where they have one. */
export interface Denied {
  readonly entries: readonly PrincipalEntry[];
  /** `aws:PrincipalArn` of users, roles and whole accounts. */
  readonly arns: StringSet;
  readonly sessions: StringSet;
  readonly anyone: boolean;
  readonly ids: ReadonlySet<string>;
}

/** `NotPrincipal` beside Deny is refused by AWS, and counts as naming nobody. */
export function deniedBy({ negated, entries: all }: Selection<PrincipalEntry>, partition: Parts): Denied {
  const entries = negated ? [] : all;
  const arns = entries.flatMap((entry): Pattern[] => {
    if (entry.kind === "user" || entry.kind === "role") return [spell(entry.text)];
    if (entry.kind !== "account") return [];
    const own = entry.partition === undefined ? partition : [entry.partition];
    return [spell("arn:", own, ":", PART, ":", PART, ":", entry.account, ":", TEXT)];
  });
  return {
    entries,
    arns,
    sessions: entries.flatMap((entry) => (entry.kind === "session" ? [spell(entry.text)] : [])),
    anyone: entries.some(({ kind }) => kind === "anyone"),
    ids: new Set(entries.map(idOf)),
  };
}

/** Whether a Deny names the caller; `depends` on who of the entry's callers it is, or on what is not known yet. */
export function isDenied(denied: Denied, { entry, arns }: Caller): "yes" | "depends" {
  if (denied.ids.has(idOf(entry))) return "yes";
  // `*` is every identity of IAM; of services and identity providers it names those that `*` lets in.
  if (denied.anyone && (arns !== undefined || entry.kind === "unknown")) return "yes";
  const isOfRole =
    entry.kind === "session" &&
    denied.entries.some((role) => role.kind === "role" && isSessionOf(entry, role));
  return isOfRole ? "yes" : "depends";
}

/** Whether it may turn out that the Deny names the caller, by something of either that is not known yet. */
export function mayBeDenied({ entries }: Denied, caller: Caller): boolean {
  return entries.some((denied) => mayName(denied, caller));
}

function mayName(denied: PrincipalEntry, { kind, arns, entry }: Caller): boolean {
  switch (denied.kind) {
    case "anybody":
      return true;
    case "unknown":
      // It may be `*`, and so name those whom an entry that is `*` does.
      return arns !== undefined || entry.kind === "anyone";
    case "id":
      return kind === denied.class && entry.kind !== "account" && entry.kind !== "anyone";
    case "service":
    case "federated":
      return kind === denied.kind && mayBeSame(entry.text, denied.text);
    case "session":
      return entry.kind === "unknown";
    case "role":
      return entry.kind === "session" && mayBeSessionOf(entry, denied);
    default:
      return false;
  }
}

/** A session beside its own role's ARN is of that role, since a role's name is unique in its account. */
function isSessionOf(
  session: { readonly account: Text; readonly name: Text },
  role: { readonly account: Text; readonly name: Text },
): boolean {
  const id = ({ account, name }: typeof session) => `${identityOf(account)} ${identityOf(name)}`;
  return id(session) === id(role);
}

function mayBeSessionOf(
  session: { readonly account: Text; readonly name: Text },
  role: { readonly account: Text; readonly name: Text },
): boolean {
  return mayBeSame(session.account, role.account) && mayBeSame(session.name, role.name);
}
