import { anchoredPatterns } from "../iam/encode/pattern-list";
import { decideGuard } from "../iam/guard/decide";
import { DEFAULT_GUARD_RULES, type GuardVerdict } from "../iam/guard/verdict";
import type { Policy } from "../iam/policy/model";
import { Unknown } from "../iam/policy/unknown";
import { inSet } from "../iam/solver/string-constraint";
import type { Document } from "../iam-graph/document";
import type { AttachedPolicies, PossiblePolicies } from "../iam-graph/graph";

export interface GuardConfig {
  readonly allowedWithoutMfa?: readonly string[];
  readonly guardPolicyArns: readonly string[];
}

type Refused = Extract<Document, { kind: "refused" }>;

/** How what a group or a user carries holds them to MFA. */
export interface Guarding {
  /** The worst of all outcomes. */
  readonly verdict: GuardVerdict;
  /** The resources whose unknown order decides, where another order would have another verdict. */
  readonly contested: readonly string[];
  /** The documents that AWS would refuse. */
  readonly refused: readonly Refused[];
}

const WORST = ["open", "unknown", "guarded"] as const;

/** Whether what a group or a user carries guards it, whatever order the resources are written in. */
export function guardOf({ outcomes, contested }: PossiblePolicies, config: GuardConfig): Guarding {
  const verdicts = outcomes.map((carried) => verdictOn(carried, config));
  const worst = WORST.flatMap((kind) => verdicts.find((each) => each.kind === kind) ?? []);
  const [verdict = verdictOn(outcomes[0], config)] = worst;
  const refused = outcomes.flatMap(({ documents }) => documents.filter((each) => each.kind === "refused"));
  return { verdict, contested: worst.length > 1 ? contested : [], refused: [...new Set(refused)] };
}

function verdictOn(
  { documents, outside, hasUnresolved }: AttachedPolicies,
  { allowedWithoutMfa, guardPolicyArns }: GuardConfig,
): GuardVerdict {
  const guards = anchoredPatterns(guardPolicyArns);
  if (outside.some((arn) => inSet(guards, arn))) {
    return {
      kind: "guarded",
      form: "complete",
      reason: "one of the organization's guard policies is attached",
    };
  }
  const policies = documents.flatMap((document): (Policy | Unknown)[] => {
    if (document.kind === "policy") return [document.policy];
    return document.kind === "unknown" ? [new Unknown(document.where)] : [];
  });
  if (hasUnresolved) policies.push(new Unknown("an attachment"));
  return decideGuard(policies, allowedWithoutMfa === undefined ? DEFAULT_GUARD_RULES : { allowedWithoutMfa });
}
