import type { GuardWitness } from "../iam/guard/verdict";
import type { TrustWitness } from "../iam/trust-policy/verdict";
import type { Resource } from "../iam-graph/resource";

/** A request without MFA that gets through: to assume a role, or past a guard. */
export type Witness = TrustWitness | GuardWitness;

/** Something that a rule says about one resource. */
export interface Finding {
  readonly resource: Pick<Resource, "urn" | "type" | "name" | "declaredBy">;
  readonly message: string;
  /** What the message says of the ways in, as values, where the rule finds any. */
  readonly witnesses?: readonly Witness[];
}

/** What a rule found. */
export interface Findings {
  readonly violations: readonly Finding[];
  /** What does not reject anything but must not go unsaid: an exemption that was used, a value that is not known yet. */
  readonly notes: readonly Finding[];
}

export const NOTHING_FOUND: Findings = { violations: [], notes: [] };

export function joined(parts: readonly Findings[]): Findings {
  return {
    violations: parts.flatMap(({ violations }) => violations),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
