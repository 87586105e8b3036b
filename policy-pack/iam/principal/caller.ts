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

function spell(...parts: readonly (string | Token | readonly Token[])[]): Pattern {
  const tokens = parts.flatMap((part): Token[] => {
    if (typeof part === "string") return Array.from(part, (char): Token => ({ kind: "char", char }));
    return "kind" in part ? [part] : [...part];
  });
  return pattern(tokens, false);
}

const KINDS = ["user", "role", "root"] as const;

function members(
  partition: string,
  account: string | readonly Token[],
  kind: (typeof KINDS)[number],
): Pattern {
  return kind === "root"
    ? spell("arn:", partition, ":iam::", account, ":root")
    : spell("arn:", partition, ":iam::", account, `:${kind}/`, NAME);
}

/** Any user of any account, by ARN. */
export const ANY_USER: Pattern = spell("arn:aws", PART, ":iam::", DIGITS, ":user/", NAME);

/** The partition that the document's principals live in; AWS takes only those of the role's own. */
export function partitionOf(statements: readonly Statement[]): string {
  for (const { principals } of statements) {
    for (const entry of principals?.entries ?? []) {
      const written = entry.kind === "unknown" ? undefined : /^arn:(aws[a-z0-9-]*):/.exec(entry.written)?.[1];
      if (written !== undefined) return written;
    }
  }
  return "aws";
}

/**
 * Everyone whom the statement's principals name, one by one. An account, or anyone, that a condition narrows by the
 * caller's ARN is taken apart into users, roles and the root user, so that each can be judged by what is left of it.
 */
export function callersOf(statement: Statement, partition: string): readonly Caller[] {
  const selection = statement.principals;
  if (selection === undefined) return [];
  const narrowed = statement.conditions.some(
    ({ key, operator }) => key === "aws:principalarn" && !operator.negated && operator.family !== "null",
  );
  if (selection.negated) return anyone({ kind: "anyone", written: "NotPrincipal" }, partition);
  return selection.entries.flatMap((entry) => callersIn(entry, partition, narrowed));
}

function callersIn(entry: PrincipalEntry, partition: string, narrowed: boolean): readonly Caller[] {
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
      const of = (kind: (typeof KINDS)[number]) => members(entry.partition ?? partition, entry.account, kind);
      if (!narrowed) return [caller(KINDS.map(of))];
      return KINDS.map((kind) => caller([of(kind)], { class: kind === "root" ? "account" : kind }));
    }
    case "user":
      return [caller([literal(entry.written)])];
    case "role":
      return [caller([literal(entry.written)], { sessions: [sessionsOf(entry)] })];
    case "session":
      return [
        caller(
          [
            literal(`arn:${entry.partition}:iam::${entry.account}:role/${entry.name}`),
            spell("arn:", entry.partition, ":iam::", entry.account, ":role/", NAME, `/${entry.name}`),
          ],
          { sessions: [literal(entry.written)] },
        ),
      ];
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

/** Anyone at all: every identity of every account, and whoever an identity provider vouches for. */
function anyone(entry: PrincipalEntry, partition: string): readonly Caller[] {
  const arns = KINDS.map((kind) => members(partition, DIGITS, kind));
  return WAYS_IN.map((wayIn) => ({
    entry,
    class: "anyone",
    wayIn,
    ...(wayIn === "sts:AssumeRole" ? { arns } : {}),
  }));
}

function sessionsOf(role: { written: string; account: string; name: string }): Pattern {
  const partition = role.written.split(":")[1] ?? "aws";
  return spell("arn:", partition, ":sts::", role.account, `:assumed-role/${role.name}/`, NAME);
}

/** What a caller has to be for a list of principals to match it: any of these. */
export interface Match {
  readonly always: boolean;
  readonly arns: TextSet;
  readonly sessions: TextSet;
  /** Some entry may or may not be the caller: a unique id, or one provider beside "anyone whom a provider vouches for". */
  readonly perhaps: boolean;
  readonly hasUnknown: boolean;
}

/** When the entries match a caller. A role's ARN matches its sessions, an account everyone in it. */
export function matchOf({ entries }: Selection<PrincipalEntry>, caller: Caller, partition: string): Match {
  let always = false;
  const arns: Pattern[] = [];
  const sessions: Pattern[] = [];
  let perhaps = false;
  let hasUnknown = false;
  for (const entry of entries) {
    if (entry.kind === "unknown") hasUnknown = true;
    else if (entry.kind === "anyone" || isSameEntry(entry, caller.entry)) always = true;
    else if (caller.arns === undefined) perhaps ||= caller.class === "anyone" || caller.class === "unknown";
    else if (entry.kind === "id") perhaps = true;
    else if (entry.kind === "account") {
      arns.push(
        spell("arn:", entry.partition ?? partition, ":", PART, ":", PART, `:${entry.account}:`, TEXT),
      );
    } else if (entry.kind === "user" || entry.kind === "role") arns.push(literal(entry.written));
    else if (entry.kind === "session") sessions.push(literal(entry.written));
  }
  return { always, arns, sessions, perhaps, hasUnknown };
}

/** The same name twice; a session beside its own role's ARN is of that role, since a role's name is unique. */
function isSameEntry(entry: PrincipalEntry, other: PrincipalEntry): boolean {
  if (entry.kind === "unknown" || other.kind === "unknown") return false;
  if (entry.kind === other.kind && entry.written === other.written) return true;
  return (
    entry.kind === "role" &&
    other.kind === "session" &&
    entry.account === other.account &&
    entry.name === other.name
  );
}
