import { anchoredPatterns } from "../encode/pattern-list";
import type { Policy, Statement } from "../policy/model";
import { identitiesOf } from "../principal/caller";
import { nameOf, parseAwsPrincipal } from "../principal/entry";
import { Budget } from "../solver/budget";
import { findString, inSet, type StringSet } from "../solver/string-constraint";
import type { TrustWitness } from "./verdict";

/**
 * What is right for principals that get in without MFA. The MFA condition is right for people alone: it locks out
 * whoever cannot prove MFA.
 *
 * - `require-mfa`: add the condition. `people`: the configuration says that they are people; otherwise it may lock out
 *   a machine.
 * - `name-principals`: anyone gets in; with the condition alone, anyone with an MFA device in an account of their own
 *   still would.
 * - `vendor`: somebody else's machine, which shows an external id.
 * - `cannot-prove`: roles, and services and federated principals that the configuration enforces.
 * - `not-known`: the principal is not known yet.
 */
export type Remedy =
  | { readonly kind: "require-mfa"; readonly people: boolean }
  | { readonly kind: "name-principals" }
  | { readonly kind: "vendor" }
  | { readonly kind: "cannot-prove"; readonly class: "role" | "service" | "federated" }
  | { readonly kind: "not-known" };

/** How one Allow statement is fixed. */
export interface Fix {
  /** Place in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
  /** Each remedy with the principals that it is right for, as the document names them. */
  readonly parts: readonly { readonly remedy: Remedy; readonly principals: readonly string[] }[];
  /** The statement also names principals that need no fix, and must keep their way in. */
  readonly namesOthers: boolean;
}

/**
 * The fixes for the ways in, one for each statement. `peopleArns`: anchored ARN patterns (`*`, `?`) of people's users.
 * Source: IAM user guide, "Configuring MFA-protected API access" and "Access to AWS accounts owned by third parties".
 */
export function fixesFor(
  { statements }: Policy,
  witnesses: readonly TrustWitness[],
  peopleArns: readonly string[] = [],
): readonly Fix[] {
  const people = anchoredPatterns(peopleArns);
  return statements.flatMap((statement) => {
    const ways = witnesses.filter((way) => way.statement === statement.index);
    if (ways.length === 0) return [];
    const parts = new Map<string, { remedy: Remedy; principals: string[] }>();
    for (const way of ways) {
      const remedy = remedyFor(way, statement, people);
      const key = JSON.stringify(remedy);
      const part = parts.get(key) ?? { remedy, principals: [] };
      parts.set(key, part);
      part.principals.push(way.principal);
    }
    const { index, sid, principals } = statement;
    const open = new Set(ways.map(({ principal }) => principal));
    const namesOthers = principals?.entries.some((entry) => !open.has(nameOf(entry))) === true;
    return [
      { statement: index, ...(sid === undefined ? {} : { sid }), parts: [...parts.values()], namesOthers },
    ];
  });
}

function remedyFor(way: TrustWitness, statement: Statement, people: StringSet): Remedy {
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
      return asksForExternalId(statement)
        ? { kind: "vendor" }
        : { kind: "require-mfa", people: arePeople(way.principal, people) };
  }
}

function asksForExternalId({ conditions }: Statement): boolean {
  return conditions.some(({ key, operator }) => key === "sts:externalid" && !operator.negated);
}

/** A user whom the patterns name, or an account all of whose users they name. */
function arePeople(principal: string, people: StringSet): boolean {
  const entry = people.length === 0 ? undefined : parseAwsPrincipal(principal);
  if (entry?.kind === "user") return inSet(people, nameOf(entry));
  if (entry?.kind !== "account") return false;
  return findString([identitiesOf(entry).users], [people], [], new Budget()).kind === "none";
}
