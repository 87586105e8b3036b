import { parseOperator } from "../condition/operator";
import { resourcePattern } from "../encode/resource";
import type { Condition, Policy, Statement } from "../policy/model";
import { written } from "../policy/unknown";
import type { PrincipalEntry } from "../principal/entry";
import { inSet } from "../solver/match";
import { decideTrust } from "../trust-policy/decide";
import type { TrustRules, TrustVerdict } from "../trust-policy/verdict";
import { deniesOf, isUnder, type Limit, neededOf } from "./limit";

/** A role, as far as it is known. */
export interface LimitedRole {
  readonly arn?: string;
  readonly account?: string;
}

/** A trust policy under limits. */
export interface LimitedTrust {
  /** The trust policy with the Deny statements of the limits. */
  readonly policy: Policy;
  readonly verdict: TrustVerdict;
  /** The limits that the verdict requires; never empty. */
  readonly by: readonly Limit[];
}

/** From the best to the worst. */
const VERDICTS: readonly TrustVerdict["kind"][] = [
  ...(["protected", "exempt", "anyone-with-mfa"] as const),
  ...(["unknown", "bypassable"] as const),
];

/**
 * The verdict on a trust policy under SCPs and RCPs; `undefined` if they do not improve it. They count as Deny statements of
 * the trust policy: an SCP against the users and roles of the accounts under it, an RCP against every caller. So an SCP does
 * not close a role to callers of other accounts.
 * Source: IAM user guide, "Cross-account policy evaluation logic".
 */
export function limitTrust(
  policy: Policy,
  role: LimitedRole,
  limits: readonly Limit[],
  rules: TrustRules,
  { kind: before }: TrustVerdict,
): LimitedTrust | undefined {
  if (limits.length === 0 || VERDICTS.indexOf(before) < VERDICTS.indexOf("anyone-with-mfa")) return undefined;
  if (role.arn?.includes(SERVICE_LINKED) === true) return undefined;
  const all = limits.map((limit) => ({ limit, denies: statementsOf(limit, policy, role, rules) }));
  const withLimits = (some: readonly (typeof all)[number][]): Policy => ({
    ...policy,
    statements: [...policy.statements, ...some.flatMap(({ denies }) => denies)],
  });
  const verdict = decideTrust(withLimits(all), rules);
  const isWorse = VERDICTS.indexOf(verdict.kind) >= VERDICTS.indexOf(before);
  if (isWorse || verdict.kind === "unknown") return undefined;
  const needed = neededOf(all, (some) => decideTrust(withLimits(some), rules).kind === verdict.kind);
  return { policy: withLimits(needed), verdict, by: needed.map(({ limit }) => limit) };
}

/** The Deny statements of a limit that match the role, as statements of its trust policy. */
function statementsOf(
  limit: Limit,
  trust: Policy,
  role: LimitedRole,
  rules: TrustRules,
): readonly Statement[] {
  const entries = limit.kind === "SCP" ? accountsUnder(limit, trust, role) : everyone(limit, role);
  const beside = mayBeServiceLinked(trust, rules) ? NOT_SERVICE_LINKED : [];
  return deniesOf(limit).flatMap((statement): Statement[] => {
    const { resources: _, principals, conditions, ...deny } = statement;
    // AWS takes no other principal in an RCP.
    if (principals?.entries.some(({ kind }) => kind !== "anyone")) return [];
    if (!isAbout(statement, role.arn)) return [];
    return [{ ...deny, principals: { negated: false, entries }, conditions: [...conditions, ...beside] }];
  });
}

/** The accounts under an SCP that the trust policy mentions. Callers of others count as strangers. */
function accountsUnder(limit: Limit, trust: Policy, { account: own }: LimitedRole): PrincipalEntry[] {
  const texts = trust.statements.flatMap(({ principals, conditions }) => [
    ...(principals?.entries ?? []).map(({ text }) => text),
    ...conditions.flatMap(({ values }) => values),
  ]);
  const mentioned = texts.flatMap((text) =>
    [...written(text).matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([id]) => id),
  );
  return [...new Set(mentioned)]
    .filter((id) => isUnder(limit, id, own))
    .map((id) => ({ kind: "account", text: id, account: id }));
}

function everyone(limit: Limit, { account }: LimitedRole): PrincipalEntry[] {
  return account !== undefined && isUnder(limit, account, account) ? [{ kind: "anyone", text: "*" }] : [];
}

/** Whether the statement is surely about the role, whose ARN may be unknown. */
function isAbout({ resources, variables }: Statement, arn = ""): boolean {
  if (resources === undefined) return false;
  const { negated, entries } = resources;
  const isAny = inSet(
    entries.flatMap((each) => resourcePattern(each, variables, negated ? "wide" : "narrow") ?? []),
    arn,
  );
  return negated ? arn !== "" && !isAny : isAny;
}

const SERVICE_LINKED = ":role/aws-service-role/";
const ARN_NOT_LIKE = parseOperator("ArnNotLike");
const NOT_SERVICE_LINKED: readonly Condition[] = [ARN_NOT_LIKE].flatMap((operator): Condition[] => {
  const key = "aws:PrincipalArn";
  const values = [`arn:*:iam::*${SERVICE_LINKED}*`];
  return operator === undefined ? [] : [{ operator, key: key.toLowerCase(), written: key, values }];
});

/**
 * Whether the trust policy may name a service-linked role, which no limit stops. Only its service uses such a role: one that
 * gets in as one of an account's roles, or as anyone, counts as that service.
 */
function mayBeServiceLinked({ statements }: Policy, { principals: { service } }: TrustRules): boolean {
  if (service === "enforce") return true;
  return statements.some(
    ({ principals, conditions }) =>
      principals?.entries.some(mayNameServiceLinked) === true ||
      conditions.some(({ values }) =>
        values.some((each) => typeof each !== "string" || /aws-?s/i.test(each)),
      ),
  );
}

function mayNameServiceLinked({ kind, text }: PrincipalEntry): boolean {
  if (kind === "role") return typeof text !== "string" || text.includes(SERVICE_LINKED);
  return MAY_BE_ROLE.has(kind);
}

const MAY_BE_ROLE: ReadonlySet<PrincipalEntry["kind"]> = new Set(["session", "id", "unknown", "anybody"]);
