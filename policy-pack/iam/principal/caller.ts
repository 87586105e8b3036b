import type { Selection, Statement } from "../document/model";
import type { Pattern } from "../solver/pattern";
import { literal, pattern, type Token } from "../solver/pattern";
import type { TextSet } from "../solver/text";
import { classOf, type PrincipalClass, type PrincipalEntry } from "./entry";

/** The three calls that open a role's session. */
export type WayIn = "sts:AssumeRole" | "sts:AssumeRoleWithSAML" | "sts:AssumeRoleWithWebIdentity";

/** A set of callers that one entry of an Allow statement lets in, all judged alike. */
export interface Caller {
  readonly entry: PrincipalEntry;
  /** The class that it is judged by. `unknown` when the principal is not known yet. */
  readonly class: PrincipalClass | "unknown";
  readonly wayIn: WayIn;
  /** `aws:PrincipalArn` of the callers, which for a role's session is the role's ARN. Absent for services and federation. */
  readonly arns?: TextSet;
  /** The ARN of the session itself, where it matters. */
  readonly sessions?: TextSet;
}

/** A path and a name; neither holds a colon. */
const NAME: readonly Token[] = [
  { kind: "any", within: "segment" },
  { kind: "many", within: "segment" },
];
const TEXT: Token = { kind: "many", within: "text" };
const PART: Token = { kind: "many", within: "segment" };
const DIGITS: readonly Token[] = Array.from({ length: 12 }, () => ({ kind: "digit" }));

type Part = string | Token;

function spell(...parts: readonly (Part | readonly Part[])[]): Pattern {
  const tokens = parts.flat().flatMap((part): Token[] => {
    if (typeof part !== "string") return [part];
    return Array.from(part, (char): Token => ({ kind: "char", char }));
  });
  return pattern(tokens, false);
}

const KINDS = ["user", "role", "root"] as const;

function members(
  partition: Partition,
  account: string | readonly Token[],
  kind: (typeof KINDS)[number],
): Pattern {
  return kind === "root"
    ? spell("arn:", partition, ":iam::", account, ":root")
    : spell("arn:", partition, ":iam::", account, `:${kind}/`, NAME);
}

/** Who there is in an account, by ARN. One that is named by its number alone is taken to be of the partition `aws`. */
export function identitiesOf({ account, partition = "aws" }: { account: string; partition?: string }): {
  readonly users: TextSet;
  readonly all: TextSet;
  readonly sessions: TextSet;
} {
  return {
    users: [members([partition], account, "user")],
    all: KINDS.map((kind) => members([partition], account, kind)),
    sessions: [spell("arn:", partition, ":sts::", account, ":", TEXT)],
  };
}

/** Any user of any account, by ARN. */
export const ANY_USER: Pattern = spell("arn:aws", PART, ":iam::", DIGITS, ":user/", NAME);

/** How the partition is spelt in the ARNs of a document. */
export type Partition = readonly Part[];

const ANY_PARTITION: Partition = ["aws", PART];

/**
 * The partition that the document's principals live in; AWS takes only those of the role's own. Where no principal
 * says it, it may be any: an ARN in a condition says only what is compared, not where the role is.
 */
export function partitionOf(statements: readonly Statement[]): Partition {
  for (const { principals } of statements) {
    for (const entry of principals?.entries ?? []) {
      const written = entry.kind === "unknown" ? undefined : /^arn:(aws[a-z0-9-]*):/.exec(entry.written)?.[1];
      if (written !== undefined) return [written];
    }
  }
  return ANY_PARTITION;
}

/** How everyone but the named is called. */
export const LEFT_OUT = "NotPrincipal";

/**
 * Everyone whom the statement's principals name, one by one. An account, or anyone, that a condition narrows by the
 * caller's ARN is taken apart into users, roles and the root user, so that each can be judged by what is left of it.
 */
export function callersOf(statement: Statement, partition: Partition): readonly Caller[] {
  const selection = statement.principals;
  if (selection === undefined) return [];
  const narrowed = statement.conditions.some(
    ({ key, operator }) => key === "aws:principalarn" && !operator.negated && operator.family !== "null",
  );
  if (selection.negated) return anyone({ kind: "anyone", written: LEFT_OUT }, partition);
  return selection.entries.flatMap((entry) => callersIn(entry, partition, narrowed));
}

function callersIn(entry: PrincipalEntry, partition: Partition, narrowed: boolean): readonly Caller[] {
  const caller = (arns: TextSet, more: Partial<Caller> = {}): Caller => ({
    entry,
    class: classOf(entry),
    wayIn: "sts:AssumeRole",
    arns,
    ...more,
  });
  switch (entry.kind) {
    case "anyone":
      return anyone(entry, partition);
    case "account": {
      const of = (kind: (typeof KINDS)[number]) =>
        members(partitionFor(entry, partition), entry.account, kind);
      if (!narrowed) return [caller(KINDS.map(of))];
      return KINDS.map((kind) => caller([of(kind)], { class: kind === "root" ? "account" : kind }));
    }
    case "user":
      return [caller([literal(entry.written)])];
    case "role":
      return [caller([literal(entry.written)], { sessions: [sessionsOf(entry)] })];
    case "session":
      return [caller(rolesOf(entry), { sessions: [literal(entry.written)] })];
    case "id":
      return [caller([spell("arn:", partition, ":iam::", DIGITS, `:${entry.class}/`, NAME)])];
    case "service":
      return [{ entry, class: "service", wayIn: "sts:AssumeRole" }];
    case "federated":
      return [
        {
          entry,
          class: "federated",
          wayIn: entry.protocol === "saml" ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity",
        },
      ];
    case "unknown":
      return WAYS_IN.map((wayIn) => ({ entry, class: "unknown", wayIn }));
  }
}

const WAYS_IN: readonly WayIn[] = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
];

/** Anyone at all: every identity of every account, whoever an identity provider vouches for, and every service. */
function anyone(entry: PrincipalEntry, partition: Partition): readonly Caller[] {
  const arns = KINDS.map((kind) => members(partition, DIGITS, kind));
  const callers = WAYS_IN.map((wayIn): Caller => {
    return { entry, class: "anyone", wayIn, ...(wayIn === "sts:AssumeRole" ? { arns } : {}) };
  });
  return [...callers, { entry, class: "service", wayIn: "sts:AssumeRole" }];
}

function sessionsOf(role: { written: string; account: string; name: string }): Pattern {
  const partition = role.written.split(":")[1] ?? "aws";
  return spell("arn:", partition, ":sts::", role.account, `:assumed-role/${role.name}/`, NAME);
}

/** The roles that a session can be of: its ARN leaves out the role's path. */
function rolesOf({ partition, account, name }: Extract<PrincipalEntry, { kind: "session" }>): TextSet {
  const role = `arn:${partition}:iam::${account}:role/`;
  return [literal(`${role}${name}`), spell(role, NAME, `/${name}`)];
}

function partitionFor(entry: { readonly partition?: string }, otherwise: Partition): Partition {
  return entry.partition === undefined ? otherwise : [entry.partition];
}

/** Whom a list of principals names, by ARN where they have one. */
export interface Named {
  /** `aws:PrincipalArn` of users, roles and whole accounts. */
  readonly arns: TextSet;
  /** Single sessions, and the roles that each can be of. */
  readonly sessions: readonly { readonly session: TextSet; readonly roles: TextSet }[];
  readonly anyone: boolean;
  /** Some entry is a unique id, which may be anybody's. */
  readonly hasId: boolean;
  readonly hasUnknown: boolean;
  /** The entries as they are written. */
  readonly written: ReadonlySet<string>;
  readonly roles: readonly Extract<PrincipalEntry, { kind: "role" }>[];
}

export function namedBy({ entries }: Selection<PrincipalEntry>, partition: Partition): Named {
  const arns: Pattern[] = [];
  const sessions: Named["sessions"][number][] = [];
  for (const entry of entries) {
    if (entry.kind === "account") {
      const before: Partition = ["arn:", ...partitionFor(entry, partition)];
      arns.push(spell(before, ":", PART, ":", PART, `:${entry.account}:`, TEXT));
    } else if (entry.kind === "user" || entry.kind === "role") arns.push(literal(entry.written));
    else if (entry.kind === "session") {
      sessions.push({ session: [literal(entry.written)], roles: rolesOf(entry) });
    }
  }
  return {
    arns,
    sessions,
    anyone: entries.some(({ kind }) => kind === "anyone"),
    hasId: entries.some(({ kind }) => kind === "id"),
    hasUnknown: entries.some(({ kind }) => kind === "unknown"),
    written: new Set(entries.map(nameOf)),
    roles: entries.filter((entry) => entry.kind === "role"),
  };
}

/**
 * Whether the list names the caller. `depends`: on who of the entry's callers it is. `perhaps`: a unique id may be
 * theirs, or one provider beside "anyone whom a provider vouches for". What is not known yet is not counted.
 */
export function isNamed(named: Named, { entry, arns }: Caller): "yes" | "depends" | "perhaps" {
  if (named.anyone || (entry.kind !== "unknown" && named.written.has(nameOf(entry)))) return "yes";
  if (entry.kind === "session" && named.roles.some((role) => isSessionOf(entry, role))) return "yes";
  if (arns !== undefined) return named.hasId ? "perhaps" : "depends";
  const isMany = entry.kind === "anyone" || entry.kind === "unknown";
  return isMany && named.written.size > (named.hasUnknown ? 1 : 0) ? "perhaps" : "depends";
}

function nameOf(entry: PrincipalEntry): string {
  return entry.kind === "unknown" ? "" : `${entry.kind} ${entry.written}`;
}

/** A session beside its own role's ARN is of that role, since a role's name is unique in its account. */
function isSessionOf(
  session: { readonly account: string; readonly name: string },
  role: { readonly account: string; readonly name: string },
): boolean {
  return session.account === role.account && session.name === role.name;
}
