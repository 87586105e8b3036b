import { hasUnknown } from "../policy/cases";
import type { DocumentError, Policy, Statement } from "../policy/model";
import { parsePolicy } from "../policy/parse";

/**
 * A policy of an organization, of which the Deny statements count beside the policies of users and roles. It grants nothing. An SCP
 * limits the users and roles of the accounts under it, an RCP limits who may act on their resources, whoever that is.
 * Neither limits the management account or service-linked roles.
 * Source: Organizations user guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)".
 */
export interface Limit {
  readonly kind: "SCP" | "RCP";
  /** How people know it. */
  readonly name: string;
  readonly policy: Policy;
  /** The member accounts under it; `undefined`: the account of whatever is asked about. */
  readonly accounts?: ReadonlySet<string>;
}

/** What closes what a role's, group's or user's own policies leave open. */
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

/** Whether an SCP or RCP limits what is in an account, or whoever calls from it. */
export function isUnder({ accounts }: Limit, account: string, own: string | undefined): boolean {
  return accounts === undefined ? account === own : accounts.has(account);
}

/** The Deny statements; none of a policy of which a part is not known yet, since that part may be an exception. */
export function deniesOf({ policy }: Limit): readonly Statement[] {
  return hasUnknown(policy) ? [] : policy.statements.filter(({ effect }) => effect === "Deny");
}

/** Whether it may close anything: one that only allows grants nothing, and denies nothing. */
export function mayDeny({ policy }: Limit): boolean {
  return hasUnknown(policy) || policy.statements.some(({ effect }) => effect === "Deny");
}

/** Those of the limits that are needed for `holds`, which holds with all of them. */
export function neededOf<T>(limits: readonly T[], holds: (fewer: readonly T[]) => boolean): readonly T[] {
  return limits.reduceRight((needed, each) => {
    const fewer = needed.filter((other) => other !== each);
    return holds(fewer) ? fewer : needed;
  }, limits);
}
