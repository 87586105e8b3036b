import type { DocumentError, Policy } from "../iam/policy/model";
import type { Text } from "../iam/policy/unknown";

/** A policy document of a resource: understood, refused, or not known yet. */
export type Document =
  | { readonly kind: "policy"; readonly policy: Policy; readonly where: string }
  | { readonly kind: "refused"; readonly errors: readonly DocumentError[]; readonly where: string }
  | { readonly kind: "unknown"; readonly where: string };

/** What a holder carries, in one order of the writes to one place. */
export interface AttachedPolicies {
  readonly documents: readonly Document[];
  /** ARNs of attached policies that the stack does not declare. */
  readonly outside: readonly Text[];
  /** True when something may be attached that is not resolved yet. */
  readonly hasUnresolved: boolean;
}

/** A permissions boundary; several policies where it depends on what is not known which of them it is. */
export interface Boundary extends AttachedPolicies {
  /** ARNs of policies, or names of resources. */
  readonly names: readonly string[];
}

/** What a holder may carry: more than one outcome where resources overwrite each other in an order that nobody promises. */
export interface PossiblePolicies {
  readonly outcomes: readonly [AttachedPolicies, ...AttachedPolicies[]];
  /** The names of the resources that overwrite each other. */
  readonly contested: readonly string[];
}
