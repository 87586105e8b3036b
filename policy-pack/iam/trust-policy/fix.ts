import { anchoredPatterns } from "../encode/policy-pattern";
import { type Policy, referenceTo, type Statement, type StatementReference } from "../policy/model";
import { configuredArns, type Identities, identitiesOf, partitionOf } from "../principal/arn";
import { nameOf, type PrincipalEntry, parseAwsPrincipal } from "../principal/entry";
import { Budget } from "../solver/budget";
import { inSet } from "../solver/match";
import type { StringSet } from "../solver/pattern";
import { findString } from "../solver/string-constraint";
import { TrustQuery } from "./query";
import type { TrustRules, TrustWitness } from "./verdict";

/**
 * The remedy for principals that get in without MFA. The MFA condition is right for people alone: it locks out principals that
 * cannot prove MFA.
 *
 * - `require-mfa`: add the condition. `people`: the configuration names them as people; otherwise it may lock out a machine.
 * - `name-principals`: anyone gets in; with the condition alone, anyone with an MFA device in an account of their own still
 *   would.
 * - `vendor`: a machine of a third party, which shows an external id.
 * - `cannot-prove`: roles, and services and federated principals that the configuration enforces.
 * - `not-known`: the principal is unknown.
 */
export type Remedy =
  | { readonly kind: "require-mfa"; readonly people: boolean }
  | { readonly kind: "name-principals" }
  | { readonly kind: "vendor" }
  | { readonly kind: "cannot-prove"; readonly class: "role" | "service" | "federated" }
  | { readonly kind: "not-known" };

/** The fix of one Allow statement. */
export interface Fix extends StatementReference {
  /** Each remedy with its principals, as the document names them. */
  readonly parts: readonly { readonly remedy: Remedy; readonly principals: readonly string[] }[];
  /** Whether the statement also names principals that need no fix, and must keep their way in. */
  readonly namesOthers: boolean;
  /** The accounts among those who must prove MFA, as the document names them. */
  readonly accounts: readonly string[];
  readonly keeps: Kept;
}

/** The identities in the accounts of a statement that the configuration exempts from MFA, and that must keep their way in. */
export interface Kept {
  /** Whether all roles do. */
  readonly roles: boolean;
  /** The trusted patterns that match an identity in the accounts; without those of roles if all roles keep their way in. */
  readonly trusted: readonly string[];
  /** The trusted patterns that match sessions, which no condition distinguishes. */
  readonly sessions: readonly string[];
}

/**
 * The fixes for the ways in, one for each statement. `peopleArns`: anchored ARN patterns (`*`, `?`) of people's users.
 * Source: IAM user guide, "Configuring MFA-protected API access" and "Access to AWS accounts owned by third parties".
 */
export function fixesFor(
  policy: Policy,
  witnesses: readonly TrustWitness[],
  rules: TrustRules,
  peopleArns: readonly string[],
): readonly Fix[] {
  const partition = partitionOf(policy.statements);
  const people = configuredArns(peopleArns, partition);
  const identities = (entry: Account) => identitiesOf(entry, partition);
  const isForVendors = policy.statements.some((each) => each.effect === "Deny" && asksForExternalId(each));
  const exemptRoles = rules.principals.role === "exempt" ? waysInOfRoles(policy, rules) : [];
  return policy.statements.flatMap((statement): readonly Fix[] => {
    const ways = witnesses.filter((way) => way.statement === statement.index);
    if (ways.length === 0) return [];
    const parts = new Map<string, { remedy: Remedy; principals: string[] }>();
    for (const way of ways) {
      const remedy = remedyFor(way, isForVendors || asksForExternalId(statement), people, identities);
      const key = JSON.stringify(remedy);
      const part = parts.get(key) ?? { remedy, principals: [] };
      parts.set(key, part);
      part.principals.push(way.principal);
    }
    const { index, principals } = statement;
    const open = new Set(ways.map(({ principal }) => principal));
    const namesOthers =
      principals?.negated === false && principals.entries.some((entry) => !open.has(nameOf(entry)));
    const accountsAmong = (names: readonly string[]) =>
      (principals?.entries ?? []).filter(
        (entry): entry is Account => entry.kind === "account" && names.includes(nameOf(entry)),
      );
    const accounts = accountsAmong(
      [...parts.values()].flatMap((part) => (part.remedy.kind === "require-mfa" ? part.principals : [])),
    );
    const exempt = exemptRoles.filter((way) => way.statement === index).map(({ principal }) => principal);
    const roles = accountsAmong(exempt).length > 0;
    const keeps = {
      roles: roles && accounts.length > 0,
      ...trustedIn(accounts.map(identities), rules, roles),
    };
    return [
      {
        ...referenceTo(statement),
        parts: [...parts.values()],
        namesOthers,
        accounts: accounts.map(nameOf),
        keeps,
      },
    ];
  });
}

type Account = Extract<PrincipalEntry, { kind: "account" }>;

/** The ways in of roles, as if only roles had to prove MFA. */
function waysInOfRoles(policy: Policy, { trustedPrincipalArns }: TrustRules): readonly TrustWitness[] {
  const others = { service: "exempt", federated: "exempt", user: "exempt", account: "exempt" } as const;
  const rules: TrustRules = { principals: { ...others, role: "enforce" }, trustedPrincipalArns };
  return new TrustQuery(policy, rules).waysIn().enforced;
}

/** The trusted patterns that match an identity in the accounts. */
function trustedIn(
  accounts: readonly Identities[],
  { trustedPrincipalArns }: TrustRules,
  areRolesKept: boolean,
): Omit<Kept, "roles"> {
  const budget = new Budget();
  const naming = (of: (identities: Identities) => StringSet) =>
    trustedPrincipalArns.filter((each) => {
      const pattern = anchoredPatterns([each]);
      return accounts.some((account) => findString([of(account), pattern], [], [], budget).kind !== "none");
    });
  return {
    trusted: naming(({ users, roles }) => (areRolesKept ? users : [...users, ...roles])),
    sessions: areRolesKept ? [] : naming(({ sessions }) => sessions),
  };
}

function remedyFor(
  way: TrustWitness,
  isVendor: boolean,
  people: StringSet,
  identities: (entry: Account) => Identities,
): Remedy {
  switch (way.class) {
    case "anyone":
      return { kind: "name-principals" };
    case "unknown":
      return { kind: "not-known" };
    case "role":
    case "service":
    case "federated":
      return { kind: "cannot-prove", class: way.class };
    case "user":
    case "account":
      return isVendor
        ? { kind: "vendor" }
        : { kind: "require-mfa", people: arePeople(way.principal, people, identities) };
  }
}

/** An Allow that requires an external id, or a Deny of requests without it. */
function asksForExternalId({ effect, conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator }) => key === "sts:externalid" && (effect === "Deny" || !operator.negated),
  );
}

/** Whether the patterns match a user, or all users of an account. */
function arePeople(
  principal: string,
  people: StringSet,
  identities: (entry: Account) => Identities,
): boolean {
  const entry = parseAwsPrincipal(principal);
  if (entry?.kind === "user") return inSet(people, nameOf(entry));
  if (entry?.kind !== "account") return false;
  return findString([identities(entry).users], [people], [], new Budget()).kind === "none";
}
