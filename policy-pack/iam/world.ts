import type { CallerKind } from "./principal/caller";
import { type LineSet, wholeNumber } from "./solver/line";

/**
 * What a request without MFA carries. `absent`: neither key, as with long-term access keys. `false`:
 * `aws:MultiFactorAuthPresent` is there and says no, as in a session that was opened without a code. `stale`: MFA was
 * used, but longer ago than the configured maximum. A policy requires MFA only if it holds in all of them.
 * Source: IAM user guide, "AWS global condition context keys", aws:MultiFactorAuthPresent and aws:MultiFactorAuthAge.
 */
export type World =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "stale"; readonly maxAgeSeconds: number };

export const MFA_PRESENT = "aws:multifactorauthpresent";
export const MFA_AGE = "aws:multifactorauthage";

/** The worlds that a policy has to hold in. `maxAgeSeconds` adds the world of an MFA that is too old. */
export function worldsWithoutMfa(maxAgeSeconds?: number): readonly World[] {
  const always: World[] = [{ kind: "absent" }, { kind: "false" }];
  return maxAgeSeconds === undefined ? always : [...always, { kind: "stale", maxAgeSeconds }];
}

/** What is known of a condition key in a world: its values (`undefined` when absent), a range of numbers, or nothing. */
export type Known =
  | { readonly kind: "values"; readonly values: readonly string[] | undefined }
  | { readonly kind: "range"; readonly within: LineSet }
  | undefined;

export function knownIn(world: World, key: string): Known {
  if (key === MFA_PRESENT) {
    if (world.kind === "absent") return { kind: "values", values: undefined };
    return { kind: "values", values: [world.kind === "false" ? "false" : "true"] };
  }
  if (key === MFA_AGE) {
    if (world.kind !== "stale") return { kind: "values", values: undefined };
    return { kind: "range", within: [{ from: { at: wholeNumber(world.maxAgeSeconds), without: true } }] };
  }
  return undefined;
}

/** The world in words, for messages, as it is for somebody of this kind. */
export function describeWorld(world: World, caller: CallerKind = "user"): string {
  if (caller === "role" && world.kind !== "stale") {
    return `from a session of the role: aws:MultiFactorAuthPresent is ${world.kind}`;
  }
  if (caller === "service") return "as an AWS service, which carries no MFA";
  if (caller === "federated") return "through an identity provider, whose MFA AWS does not see";
  switch (world.kind) {
    case "absent":
      return "with long-term access keys and no code: aws:MultiFactorAuthPresent is absent";
    case "false":
      return "from a session opened without a code: aws:MultiFactorAuthPresent is false";
    case "stale":
      return `with an MFA older than ${world.maxAgeSeconds} seconds`;
  }
}
