import { hasUnknown } from "../policy/cases";
import type { DocumentError, Policy, Statement } from "../policy/model";
import { parsePolicy } from "../policy/parse";

/**
 * A policy of an organization. It grants nothing, and only its Deny statements count. An SCP limits the users and roles of the
 * accounts under it, an RCP every caller that acts on their resources. Neither limits the management account or service-linked
 * roles.
 * Source: Organizations user guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)".
 */
export interface Limit {
  readonly kind: "SCP" | "RCP";
  readonly name: string;
  readonly policy: Policy;
  /** The member accounts under it; `undefined`: the account in question. */
  readonly accounts?: ReadonlySet<string>;
}

/** A policy that closes what the policies of a role, group or user leave open. */
export interface ClosedBy {
  readonly kind: Limit["kind"] | "permissions boundary";
  readonly name: string;
}

type Read =
  | { readonly ok: true; readonly limit: Limit }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** Reads the document of an SCP or RCP; all that AWS refuses in it is reported at once. */
export function parseLimit(document: unknown, { kind, name, accounts }: Omit<Limit, "policy">): Read {
  const parsed = parsePolicy(document, kind === "SCP" ? "identity" : "resource-control");
  const errors = parsed.ok ? parsed.policy.refused : parsed.errors;
  if (!parsed.ok || errors.length > 0) return { ok: false, errors };
  return { ok: true, limit: { kind, name, policy: parsed.policy, ...(accounts && { accounts }) } };
}

/** Whether an SCP limits the callers of an account, or an RCP its resources. `own`: the account in question. */
export function isUnder({ accounts }: Limit, account: string, own: string | undefined): boolean {
  return accounts === undefined ? account === own : accounts.has(account);
}

/** The Deny statements; none if a part of the policy is unknown, since that may be an exception. */
export function deniesOf({ policy }: Limit): readonly Statement[] {
  return hasUnknown(policy) ? [] : policy.statements.filter(({ effect }) => effect === "Deny");
}

/** Whether it may deny anything. */
export function mayDeny({ policy }: Limit): boolean {
  return hasUnknown(policy) || policy.statements.some(({ effect }) => effect === "Deny");
}

/** The limits that `holds` requires, which holds with all of them. */
export function neededOf<T>(limits: readonly T[], holds: (fewer: readonly T[]) => boolean): readonly T[] {
  return limits.reduceRight((needed, each) => {
    const fewer = needed.filter((other) => other !== each);
    return holds(fewer) ? fewer : needed;
  }, limits);
}
