import { contextsWithoutMfa, WITH_MFA } from "../mfa-context";
import { hasUnknown, outcomes } from "../policy/cases";
import type { Policy } from "../policy/model";
import { Unknown } from "../policy/unknown";
import { Budget } from "../solver/budget";
import { OF_AWS, TrustQuery } from "./query";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict, type TrustWitness } from "./verdict";

/**
 * Whether a principal can assume the role without MFA: whether a request exists, in any context without MFA, that an Allow
 * lets in and no Deny stops. Conditions on other keys are free, since the caller may satisfy them.
 * Source: IAM user guide, "Policy evaluation logic" and "Configuring MFA-protected API access".
 */
export function decideTrust(policy: Policy, rules: TrustRules = DEFAULT_TRUST_RULES): TrustVerdict {
  const budget = new Budget();
  const { enforced, exempt } = new TrustQuery(policy, rules, { budget }).waysIn();
  const [first, ...more] = enforced;
  if (first !== undefined) {
    if (!isCertain(policy, rules, budget)) return unknown(enforced, rules);
    return { kind: "bypassable", witnesses: [first, ...more], decided: !budget.spent };
  }
  const [stranger, ...others] = anyoneWithMfa(policy, budget);
  if (stranger !== undefined) return { kind: "anyone-with-mfa", witnesses: [stranger, ...others], exempt };
  return exempt.length > 0 ? { kind: "exempt", witnesses: exempt } : { kind: "protected" };
}

/** Whether a principal gets in whatever the unknown values turn out to be. */
function isCertain(policy: Policy, rules: TrustRules, budget: Budget): boolean {
  if (!hasUnknown(policy)) return true;
  const all = policy.complete ? outcomes([policy]) : undefined;
  const options = { budget, assumption: "best" } as const;
  return all?.flat().every((each) => new TrustQuery(each, rules, options).isOpen()) === true;
}

function unknown(enforced: readonly TrustWitness[], rules: TrustRules): TrustVerdict {
  const names = new Set(enforced.flatMap((each) => (each.class === "unknown" ? [each.principal] : [])));
  const exemptBy = names.size === 0 ? [] : exemptionsOf(rules);
  return { kind: "unknown", principals: exemptBy.length === 0 ? [] : [...names], exemptBy };
}

/** The settings that exempt some of the principals that `"AWS"` can name. */
function exemptionsOf({ principals, trustedPrincipalArns }: TrustRules): readonly string[] {
  return [
    ...(trustedPrincipalArns.length > 0 ? ["trustedPrincipalArns"] : []),
    ...OF_AWS.filter((judged) => principals[judged] === "exempt").map((judged) => `principals.${judged}`),
  ];
}

/** Whether anyone in the world can assume the role, with MFA or without. */
export function isOpenToStrangers(policy: Policy): boolean {
  return anyoneWithMfa(policy, new Budget()).length > 0;
}

/**
 * The ways in of strangers with MFA: users and roles of any account, and of any organization. No account, organization or
 * ARN in the conditions keeps them out.
 */
function anyoneWithMfa(policy: Policy, budget: Budget): readonly TrustWitness[] {
  const statements = policy.statements.filter(
    ({ principals }) =>
      principals?.negated === true || principals?.entries.some(({ kind }) => kind === "anyone"),
  );
  if (!statements.some(({ effect }) => effect === "Allow")) return [];
  return waysInWithMfa({ ...policy, statements }, budget, ANY_ACCOUNT);
}

/** The ways in with MFA, or without. `stranger`: of users and roles of this account, which may be any. */
export function waysInWithMfa(
  policy: Policy,
  budget = new Budget(),
  stranger?: Unknown,
): readonly TrustWitness[] {
  const contexts = [...contextsWithoutMfa(), WITH_MFA];
  const options = { budget, contexts, ...(stranger && { stranger }) };
  return new TrustQuery(policy, DEFAULT_TRUST_RULES, options).waysIn().enforced;
}

const ANY_ACCOUNT = new Unknown("any account", undefined, "any account");
