import { contextsWithoutMfa, WITH_MFA } from "../mfa-context";
import type { Policy } from "../policy/model";
import type { PrincipalClass } from "../principal/entry";
import { nameOf } from "../principal/entry";
import { TrustQuery } from "./query";
import { DEFAULT_TRUST_RULES } from "./verdict";

/** A principal that a trust policy lets in. */
export interface AssumableBy {
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  readonly mfa: "required" | "not required";
}

const WITHOUT_MFA = contextsWithoutMfa();

/**
 * The principals that can assume the role, and which of them only with MFA. Services and federated principals never carry an
 * MFA that AWS sees: an MFA condition locks them out.
 * Source: IAM user guide, "AWS global condition context keys", aws:MultiFactorAuthPresent.
 */
export function assumableBy(policy: Policy): readonly AssumableBy[] {
  const found = new Map<string, AssumableBy>();
  const query = new TrustQuery(policy, DEFAULT_TRUST_RULES, { contexts: [...WITHOUT_MFA, WITH_MFA] });
  for (const { statement, entry, able } of query.allowed()) {
    const principal = nameOf(entry);
    let mfa: AssumableBy["mfa"] | undefined;
    for (const caller of able) {
      if (query.find(statement, caller, { contexts: WITHOUT_MFA })) mfa = "not required";
      else if (mfa === undefined && query.find(statement, caller, { contexts: [WITH_MFA] })) mfa = "required";
      else continue;
      const key = `${caller.class} ${principal}`;
      if (mfa === "not required" || !found.has(key)) found.set(key, { principal, class: caller.class, mfa });
      if (mfa === "not required") break;
    }
  }
  const all = [...found.values()];
  return [...all.filter(({ mfa }) => mfa === "not required"), ...all.filter(({ mfa }) => mfa === "required")];
}
