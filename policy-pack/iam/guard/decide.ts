import { hasUnknown, outcomes } from "../policy/cases";
import type { Policy } from "../policy/model";
import { Unknown } from "../policy/unknown";
import { Budget } from "../solver/budget";
import { formOf } from "./form";
import { extraExceptions, gapOf } from "./gap";
import { findUnguarded, type GuardQuery } from "./unguarded";
import { DEFAULT_GUARD_RULES, type GuardRules, type GuardVerdict, type GuardWitness } from "./verdict";

/**
 * Whether policies guard whoever carries them: whether every request without MFA, for every action but the allowed
 * ones and on every resource, meets a Deny that fires. What the policies allow does not matter, since an explicit
 * Deny wins. A policy that is not known yet is an `Unknown`; a guard that is proven stays proven beside it.
 * Source: IAM user guide, "Policy evaluation logic": an explicit deny overrides every allow.
 */
export function decideGuard(
  policies: readonly (Policy | Unknown)[],
  rules: GuardRules = DEFAULT_GUARD_RULES,
): GuardVerdict {
  const known = policies.filter((policy): policy is Policy => !(policy instanceof Unknown));
  const extra = extraExceptions(known, rules);
  const question: GuardQuery = {
    policies: known,
    rules,
    budget: new Budget(),
    assumption: "worst",
    calls: ["any"],
    likely: extra.map((entry) => entry.replace(/[*?]/g, "x")),
  };
  const form = formOf(question);
  if (form !== undefined) return { kind: "guarded", form };
  const mayHaveMore = known.length < policies.length || known.some(({ complete }) => !complete);
  const witness = mayHaveMore ? undefined : (certainWitness(question) ?? undocumentedWitness(question));
  if (witness === undefined) return { kind: "unknown" };
  const decided = !question.budget.spent;
  const gap = decided ? gapOf(question, extra) : undefined;
  return { kind: "open", witness, ...(gap === undefined ? {} : { gap }), decided };
}

/**
 * A request that gets through on the safe side only, where everything is known: how far a wildcard in a `Resource` reaches
 * AWS does not document.
 */
function undocumentedWitness(question: GuardQuery): GuardWitness | undefined {
  if (question.policies.some(hasUnknown)) return undefined;
  const witness = findUnguarded(question);
  return witness === undefined ? undefined : { ...witness, exact: false };
}

/** A request that gets through whatever the values turn out to be that are not known yet. */
function certainWitness(question: GuardQuery): GuardWitness | undefined {
  const witnesses = outcomes(question.policies)?.map((policies) =>
    findUnguarded({ ...question, policies, assumption: "best" }),
  );
  return witnesses?.every((each) => each !== undefined) === true ? witnesses[0] : undefined;
}
