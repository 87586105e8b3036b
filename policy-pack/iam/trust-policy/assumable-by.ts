import type { Policy } from "../policy/model";
import type { PrincipalClass } from "../principal/entry";
import { waysIn } from "./decide";
import type { TrustRules } from "./verdict";

/** Somebody whom a trust policy lets in. */
export interface AssumableBy {
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  readonly mfa: "required" | "not required";
}

const EVERYONE: TrustRules = {
  principals: {
    service: "enforce",
    federated: "enforce",
    role: "enforce",
    user: "enforce",
    account: "enforce",
  },
  trustedPrincipalArns: [],
};

/** Any age of an MFA is more than this, so that a request with MFA counts too. */
const WITH_MFA: TrustRules = { ...EVERYONE, maxMfaAgeSeconds: -1 };

/**
 * Who can assume the role, and which of them only with MFA. Services and federated principals never carry an MFA that
 * AWS sees: behind an MFA condition they do not get in at all.
 * Source: IAM user guide, "AWS global condition context keys", aws:MultiFactorAuthPresent.
 */
export function assumableBy(policy: Policy): readonly AssumableBy[] {
  const found = new Map<string, AssumableBy>();
  const add = (mfa: AssumableBy["mfa"], { principal, class: judged }: Omit<AssumableBy, "mfa">) => {
    const key = `${judged} ${principal}`;
    if (!found.has(key)) found.set(key, { principal, class: judged, mfa });
  };
  for (const way of waysIn(policy, EVERYONE)) add("not required", way);
  for (const way of waysIn(policy, WITH_MFA)) {
    if (way.class !== "service" && way.class !== "federated") add("required", way);
  }
  return [...found.values()];
}
