import type { Policy } from "../iam/document/model";
import { decideGuard } from "../iam/guard/decide";
import { DEFAULT_GUARD_RULES, type GuardVerdict } from "../iam/guard/verdict";
import { Opaque } from "../iam/opaque";
import { anchoredPatterns } from "../iam/pattern-list";
import { inSet } from "../iam/solver/text";
import type { Document } from "../resources/document";
import type { Carried } from "../resources/stack";

export interface GuardConfig {
  readonly allowedWithoutMfa?: readonly string[];
  readonly guardPolicyArns: readonly string[];
}

/** Whether what a group or a user carries guards it, and what of it AWS would refuse. */
export function guardOf(
  { documents, outside, hasUnresolved }: Carried,
  { allowedWithoutMfa, guardPolicyArns }: GuardConfig,
): { readonly verdict: GuardVerdict; readonly refused: readonly Extract<Document, { kind: "refused" }>[] } {
  const refused = documents.filter((document) => document.kind === "refused");
  const guards = anchoredPatterns(guardPolicyArns);
  if (outside.some((arn) => inSet(guards, arn))) {
    return {
      verdict: { kind: "guarded", reason: "one of the organization's guard policies is attached" },
      refused,
    };
  }
  const policies = documents.flatMap((document): (Policy | Opaque)[] => {
    if (document.kind === "policy") return [document.policy];
    return document.kind === "unknown" ? [new Opaque(document.where)] : [];
  });
  if (hasUnresolved) policies.push(new Opaque("an attachment"));
  const rules = allowedWithoutMfa === undefined ? DEFAULT_GUARD_RULES : { allowedWithoutMfa };
  return { verdict: decideGuard(policies, rules), refused };
}
