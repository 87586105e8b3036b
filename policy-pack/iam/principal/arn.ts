import { anchoredPatterns } from "../encode/policy-pattern";
import type { Statement } from "../policy/model";
import { identityOf, partsOf, type Text, type Unknown, written } from "../policy/unknown";
import {
  charsOf,
  type Pattern,
  pattern,
  type StringSet,
  type Token,
  type UnknownToken,
} from "../solver/pattern";

/** An account, and its partition where that is known. */
export interface Home {
  readonly account: Text;
  readonly partition?: Text;
}

export type Parts = readonly (Text | Token)[];

/** An ARN pattern, put together from texts and tokens. An unknown part stays within its part of the ARN. */
export function arnOf(...parts: readonly (Text | Token | Parts)[]): Pattern {
  const tokens = parts.flat().flatMap((part): Token[] => {
    if (typeof part !== "string" && "kind" in part) return [part];
    return partsOf(part).flatMap((each): Token[] =>
      typeof each === "string" ? charsOf(each) : [unknownToken(each, "segment")],
    );
  });
  return pattern(tokens, false);
}

export function unknownToken(part: Unknown, within: "text" | "segment"): UnknownToken {
  return { kind: "unknown", id: identityOf(part), label: part.label, within, reading: "exact" };
}

/** The name of a user, a role or a session. */
const NAME: Parts = [
  { kind: "any", within: "name" },
  { kind: "many", within: "name" },
];
export const TEXT: Token = { kind: "many", within: "text" };
export const SEGMENT: Token = { kind: "many", within: "segment" };
const ANY_PARTITION: Parts = ["aws", SEGMENT];
export const ANY_ACCOUNT: Parts = Array.from({ length: 12 }, () => ({ kind: "digit" }));

/** The ARNs of users or roles with a name, in any path. A path may contain any character, a colon too. */
export function arnsOf(
  kind: "user" | "role",
  partition: Parts,
  account: Text | Parts,
  name: Text | Parts = NAME,
): StringSet {
  const before: Parts = ["arn:", ...partition, ":iam::", ...[account].flat(), `:${kind}/`];
  return [arnOf(before, name), arnOf(before, TEXT, "/", name)];
}

/** The ARNs of sessions of `sts:GetFederationToken`. */
function federatedUsers(partition: Parts, account: Text | Parts): StringSet {
  return [arnOf("arn:", partition, ":sts::", account, ":federated-user/", NAME)];
}

/** The ARNs of a role's sessions. */
export function sessionsOf(partition: Parts, account: Text, role: Text | Parts): Pattern {
  return arnOf("arn:", partition, ":sts::", account, ":assumed-role/", role, "/", NAME);
}

/** Any user of any account. */
export const ANY_USER = arnsOf("user", ANY_PARTITION, ANY_ACCOUNT);

/** Any session of `sts:GetFederationToken`. */
export const ANY_FEDERATED_USER = federatedUsers(ANY_PARTITION, ANY_ACCOUNT);

/** The identities of an account, by ARN. */
export interface Identities {
  readonly users: StringSet;
  readonly roles: StringSet;
  readonly sessions: StringSet;
  readonly federatedUsers: StringSet;
}

/** The partition of an account; the document's, for an account that is named by its number alone. */
export function partitionIn({ partition }: Home, document: Parts): Parts {
  return partition === undefined ? document : [partition];
}

/** The identities of an account, in a document whose principals are in this partition. */
export function identitiesOf(home: Home, partition: Parts = ANY_PARTITION): Identities {
  const { account } = home;
  const within = partitionIn(home, partition);
  return {
    users: arnsOf("user", within, account),
    roles: arnsOf("role", within, account),
    sessions: [sessionsOf(within, account, NAME)],
    federatedUsers: federatedUsers(within, account),
  };
}

/**
 * Configured ARN patterns, for the callers of a document in this partition. Where no principal names a partition, the
 * accounts are given by number, and each is in one partition only: the pattern's own, if the pattern is about the account.
 */
export function configuredArns(patterns: readonly string[], partition: Parts): StringSet {
  return patterns.flatMap((source) => {
    const [, rest] = /^arn:aws[a-z0-9-]*(:.*)/s.exec(source) ?? [];
    if (partition !== ANY_PARTITION || rest === undefined) return anchoredPatterns([source]);
    return anchoredPatterns([rest]).map(({ tokens }) => arnOf("arn:", ANY_PARTITION, tokens));
  });
}

/**
 * The partition of a document's principals, which is the role's own. Any, if no principal names one: an ARN in a condition
 * does not.
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
