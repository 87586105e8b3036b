import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Place, Setup, Subject } from "./report";

/** One place to audit, as far as it could be read. */
export interface AuditInput
  extends Pick<Place, "kind" | "name" | "alias" | "file" | "trouble" | "notes" | "notLookedAt"> {
  /** What it declares, for the rules to evaluate. A resource's URN is the subject's id. */
  readonly resources: readonly Resource[];
  /** What else is known of a resource, by its URN. */
  readonly facts?: ReadonlyMap<string, ResourceFacts>;
  /** What no rule evaluates. */
  readonly subjects?: readonly Subject[] | undefined;
  /** Absolute paths of files that are evaluated as a part of it, such as the templates of nested stacks. */
  readonly includes?: readonly string[];
  /** The documents of AWS managed policies, by ARN. */
  readonly awsPolicies?: ReadonlyMap<string, unknown>;
  /** Whether its resources exist, and are not only planned. */
  readonly isDeployed?: boolean;
  /** Whether it was read from AWS: a list that is missing was then denied, and not only not saved. */
  readonly isLive?: boolean;
}

/** What an account or saved output shows of a resource. */
export interface ResourceFacts extends Pick<Subject, "lastUse" | "members"> {
  /** Those of a user; `unknown` without a credential report. */
  readonly credentials?: Credentials | "unknown" | undefined;
  readonly remark?: string | undefined;
}

export type Credentials = Omit<Setup, "guardedBy">;

/** The ids that occur more than once. Two resources with one id could be evaluated with each other's policies. */
export function repeated(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
