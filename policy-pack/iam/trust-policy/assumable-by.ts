import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import type { Policy } from "../policy/model";
import type { PrincipalClass } from "../principal/entry";
import { Budget } from "../solver/budget";
import { TrustQuery } from "./query";
import { DEFAULT_TRUST_RULES, type TrustRules } from "./verdict";

/** Somebody whom a trust policy lets in. */
export interface AssumableBy {
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  readonly mfa: "required" | "not required";
}

/** Any age of an MFA is more than this, so that whoever gets in is found, with MFA or without. */
const RULES: TrustRules = { ...DEFAULT_TRUST_RULES, maxMfaAgeSeconds: -1 };
const CONTEXTS = contextsWithoutMfa(RULES.maxMfaAgeSeconds);
const WITHOUT_MFA = CONTEXTS.filter(({ kind }) => kind !== "stale");
const WITH_MFA = CONTEXTS.filter(({ kind }) => kind === "stale");

/**
 * Who can assume the role, and which of them only with MFA. Services and federated principals never carry an MFA that
 * AWS sees: behind an MFA condition they do not get in at all.
 * Source: IAM user guide, "AWS global condition context keys", aws:MultiFactorAuthPresent.
 */
export function assumableBy(policy: Policy): readonly AssumableBy[] {
  const found = new Map<string, AssumableBy>();
  const query = new TrustQuery(policy, RULES, new Budget(), "worst");
  for (const { statement, name, able } of query.allowed()) {
    let mfa: AssumableBy["mfa"] | undefined;
    for (const caller of able) {
      const isIn = (contexts: readonly MfaContext[]) =>
        query.find(statement, caller, name, { contexts }) !== undefined;
      if (isIn(WITHOUT_MFA)) mfa = "not required";
      else if (mfa === undefined && isIn(WITH_MFA)) mfa = "required";
      else continue;
      const key = `${caller.class} ${name}`;
      if (mfa === "not required" || !found.has(key))
        found.set(key, { principal: name, class: caller.class, mfa });
      if (mfa === "not required") break;
    }
  }
  const all = [...found.values()];
  return [...all.filter(({ mfa }) => mfa === "not required"), ...all.filter(({ mfa }) => mfa === "required")];
}
