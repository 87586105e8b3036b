import { domainOf } from "../encode/domain";
import { encodeStatement, evasions } from "../encode/statement";
import { contextsWithoutMfa, isMfaKey } from "../mfa-context";
import { type Policy, type Selection, type Statement, statementsOf } from "../policy/model";
import { type Text, Unknown } from "../policy/unknown";
import type { PrincipalClass, PrincipalEntry } from "../principal/entry";
import { Budget } from "../solver/budget";
import { unitClauses } from "../solver/formula";
import { solve } from "../solver/solve";
import { decideTrust } from "../trust-policy/decide";

/**
 * The indexes of those Deny statements that the document's Denies cover together: some Deny matches every request without MFA
 * that the statement would match without its MFA conditions. What is unknown counts as covering, since it may turn out to.
 */
export function coveredDenies(policy: Policy, statements: readonly Statement[]): ReadonlySet<number> {
  if (!policy.complete) return new Set(statements.map(({ index }) => index));
  const denies = statementsOf([policy], "Deny").map(withoutUnknown);
  const scopes = statements.map((statement) => withoutMfa(withoutUnknown(statement)));
  const open = policy.kind === "trust" ? openWays(policy, scopes, denies) : openActions(scopes, denies);
  return new Set(scopes.map(({ index }) => index).filter((index) => !open.has(index)));
}

/** The scopes of which, as Allows, some request gets in that no Deny stops. */
function openWays(
  policy: Policy,
  scopes: readonly Statement[],
  denies: readonly Statement[],
): ReadonlySet<number> {
  const allows = scopes.map((scope): Statement => ({ ...scope, effect: "Allow" }));
  const verdict = decideTrust(
    { ...policy, statements: [...allows, ...denies] },
    { principals: EVERYBODY, trustedPrincipalArns: [] },
  );
  const witnesses = verdict.kind === "bypassable" ? verdict.witnesses : [];
  // No MFA condition is about services and identity providers.
  const open = witnesses.filter(({ caller }) => caller !== "service" && caller !== "federated");
  return new Set(open.map(({ statement }) => statement));
}

const EVERYBODY: Readonly<Record<Exclude<PrincipalClass, "anyone">, "enforce">> = {
  service: "enforce",
  federated: "enforce",
  role: "enforce",
  user: "enforce",
  account: "enforce",
};

/** The scopes of a request that no Deny matches. */
function openActions(scopes: readonly Statement[], denies: readonly Statement[]): ReadonlySet<number> {
  const budget = new Budget();
  const open = new Set<number>();
  for (const context of contextsWithoutMfa()) {
    const origin = { context, caller: "user" } as const;
    const domain = (variable: string) => domainOf(variable, origin);
    const evading = evasions(denies, origin, "worst");
    if (evading.some((clause) => clause.length === 0)) continue;
    for (const scope of scopes) {
      const within = open.has(scope.index) ? "never" : encodeStatement(scope, origin, "worst");
      if (within === "never") continue;
      const clauses = [...unitClauses(within), ...evading];
      if (solve({ clauses, domain, budget }).kind === "some") open.add(scope.index);
    }
  }
  return open;
}

function withoutMfa(statement: Statement): Statement {
  return { ...statement, conditions: statement.conditions.filter(({ key }) => !isMfaKey(key)) };
}

/** The statement as if every unknown value matched. */
function withoutUnknown(statement: Statement): Statement {
  const { principals, resources } = statement;
  const conditions = statement.conditions.filter(({ values }) =>
    values.every((value) => typeof value === "string"),
  );
  return {
    ...statement,
    actions: widened(statement.actions, isText, "*"),
    ...(principals === undefined ? {} : { principals: widened(principals, isKnown, ANYONE) }),
    ...(resources === undefined ? {} : { resources: settled(widened(resources, isText, "*")) }),
    conditions,
  };
}

/** A policy variable has the same value in every place, so that its name can replace it. */
function settled({ negated, entries }: Selection<Text>): Selection<Text> {
  const settle = (entry: Text) =>
    entry instanceof Unknown ? entry : entry.replace(/\$\{([^*?$}][^}]*)\}/g, "$1");
  return { negated, entries: entries.map(settle) };
}

function widened<T>(
  { negated, entries }: Selection<T>,
  known: (entry: T) => boolean,
  everything: T,
): Selection<T> {
  const left = entries.filter(known);
  if (left.length === entries.length) return { negated, entries };
  return { negated, entries: negated ? left : [everything] };
}

const ANYONE: PrincipalEntry = { kind: "anyone", text: "*" };

function isText(entry: Text): boolean {
  return !(entry instanceof Unknown);
}

function isKnown({ text }: PrincipalEntry): boolean {
  return isText(text);
}
