import type { DocumentError, Policy } from "../iam/policy/model";
import type { Text } from "../iam/policy/unknown";

/** A policy document of a resource: parsed, refused, or not known yet. `where`: the property that holds it. */
export type Document =
  | { readonly kind: "policy"; readonly policy: Policy; readonly where: string }
  | { readonly kind: "refused"; readonly errors: readonly DocumentError[]; readonly where: string }
  | { readonly kind: "unknown"; readonly where: string };

/** The policies of a holder, in one order of the writes to one place. */
export interface AttachedPolicies {
  readonly documents: readonly Document[];
  /** ARNs of attached policies that the stack does not declare. */
  readonly outside: readonly Text[];
  /** True when a policy that is not known yet may be attached. */
  readonly hasUnresolved: boolean;
}

/** A permissions boundary; several policies if an unknown value decides which of them it is. */
export interface Boundary extends AttachedPolicies {
  /** ARNs of policies, or names of resources. */
  readonly names: readonly string[];
}

/** The policies that a holder may have. */
export interface PossiblePolicies {
  /** At least one; several where resources overwrite each other in an undefined order. */
  readonly outcomes: readonly AttachedPolicies[];
  /** The names of the resources that overwrite each other. */
  readonly contested: readonly string[];
}
