import { hasUnknown, outcomes } from "../policy/cases";
import type { Policy } from "../policy/model";
import { Unknown } from "../policy/unknown";
import type { Home } from "../principal/arn";
import { Budget } from "../solver/budget";
import { formOrWitness } from "./form";
import { extraExceptions, gapOf } from "./gap";
import type { GuardQuery } from "./unguarded";
import { DEFAULT_GUARD_RULES, type GuardRules, type GuardVerdict, type GuardWitness } from "./verdict";

/**
 * Whether policies are a guard: whether a Deny matches every request without MFA, for every action but the allowed ones, on
 * every resource. What they allow does not matter, since an explicit Deny wins. An unknown policy is an `Unknown`; no policy
 * beside a guard can undo it. `home`: the account of the user, whose users alone a Deny must stop. An unknown account can
 * only prove a guard.
 * Source: IAM user guide, "Policy evaluation logic": an explicit deny overrides every allow.
 */
export function decideGuard(
  policies: readonly (Policy | Unknown)[],
  rules: GuardRules = DEFAULT_GUARD_RULES,
  home?: Home,
): GuardVerdict {
  const verdict = decideIn(home, policies, rules);
  return verdict.kind === "guarded" || isKnown(home) ? verdict : decideIn(undefined, policies, rules);
}

function isKnown(home: Home | undefined): boolean {
  return !(home?.account instanceof Unknown || home?.partition instanceof Unknown);
}

function decideIn(
  home: Home | undefined,
  policies: readonly (Policy | Unknown)[],
  rules: GuardRules,
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
    home,
  };
  const found = formOrWitness(question);
  if (typeof found === "string") return { kind: "guarded", form: found };
  const mayHaveMore = known.length < policies.length || known.some(({ complete }) => !complete);
  const witness = mayHaveMore ? undefined : (certainWitness(question) ?? undocumented(found, known));
  if (witness === undefined) return { kind: "unknown" };
  const decided = !question.budget.spent;
  const gap = decided ? gapOf(question, witness, extra) : undefined;
  return { kind: "open", witness, ...(gap === undefined ? {} : { gap }), decided };
}

/** A request that gets through only as the safe side reads a `Resource`, where everything is known. */
function undocumented(witness: GuardWitness, policies: readonly Policy[]): GuardWitness | undefined {
  return policies.some(hasUnknown) ? undefined : { ...witness, exact: false };
}

/** A request that gets through whatever the unknown values turn out to be. */
function certainWitness(question: GuardQuery): GuardWitness | undefined {
  const found = outcomes(question.policies)?.map((policies) =>
    formOrWitness({ ...question, policies, assumption: "best" }),
  );
  const [first] = found ?? [];
  return typeof first === "object" && found?.every((each) => typeof each === "object") ? first : undefined;
}
