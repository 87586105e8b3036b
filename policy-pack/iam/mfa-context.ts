import type { CallerKind } from "./principal/caller";
import { type IntervalSet, wholeNumber } from "./solver/interval";

/**
 * What a request without MFA carries. `absent`: neither key, as with long-term access keys. `false`:
 * `aws:MultiFactorAuthPresent` is false, as in a session without MFA. `stale`: MFA was used longer ago than the configured
 * maximum. A policy requires MFA only if it does so in every context.
 * Source: IAM user guide, "AWS global condition context keys", aws:MultiFactorAuthPresent and aws:MultiFactorAuthAge.
 */
export type MfaContext =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "stale"; readonly maxAgeSeconds: number };

export const MFA_PRESENT = "aws:multifactorauthpresent";
export const MFA_AGE = "aws:multifactorauthage";

export function isMfaKey(key: string): boolean {
  return key === MFA_PRESENT || key === MFA_AGE;
}

/** A request with MFA of any age, as an MFA that is too old for every maximum. */
export const WITH_MFA: MfaContext = { kind: "stale", maxAgeSeconds: -1 };

const WITHOUT_MFA: readonly MfaContext[] = [{ kind: "absent" }, { kind: "false" }];

/** The contexts without MFA. `maxAgeSeconds` adds the one of an MFA that is too old. */
export function contextsWithoutMfa(maxAgeSeconds?: number): readonly MfaContext[] {
  return maxAgeSeconds === undefined ? WITHOUT_MFA : [...WITHOUT_MFA, { kind: "stale", maxAgeSeconds }];
}

/** What a context says of a condition key: its values (`undefined` if absent), a range of numbers, or nothing. */
export type KeyValue =
  | { readonly kind: "values"; readonly values: readonly string[] | undefined }
  | { readonly kind: "range"; readonly within: IntervalSet }
  | undefined;

export function valueInContext(context: MfaContext, key: string): KeyValue {
  if (key === MFA_PRESENT) {
    if (context.kind === "absent") return { kind: "values", values: undefined };
    return { kind: "values", values: [context.kind === "false" ? "false" : "true"] };
  }
  if (key === MFA_AGE) {
    if (context.kind !== "stale") return { kind: "values", values: undefined };
    return { kind: "range", within: [{ from: { at: wholeNumber(context.maxAgeSeconds), without: true } }] };
  }
  return undefined;
}

/** The context in words, for messages, for a caller of this kind. */
export function describeContext(context: MfaContext, caller: CallerKind = "user"): string {
  if ((caller === "role" || caller === "federated-user") && context.kind !== "stale") {
    const session = caller === "role" ? "the role" : "sts:GetFederationToken";
    return `from a session of ${session}: aws:MultiFactorAuthPresent is ${context.kind}`;
  }
  if (caller === "service") return "as an AWS service, which carries no MFA";
  if (caller === "federated") return "through an identity provider, whose MFA AWS does not see";
  switch (context.kind) {
    case "absent":
      return "with long-term access keys and no code: aws:MultiFactorAuthPresent is absent";
    case "false":
      return "from a session opened without a code: aws:MultiFactorAuthPresent is false";
    case "stale":
      return `with an MFA older than ${context.maxAgeSeconds} seconds`;
  }
}
