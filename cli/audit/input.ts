import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { LastUse, Place, Setup, Subject } from "./report";

/** Something that the audit looks at, as far as it could be read. */
export interface AuditInput
  extends Pick<Place, "kind" | "name" | "alias" | "file" | "trouble" | "notLookedAt"> {
  /** What it declares, for the rules to judge. The URN is the subject's id. */
  readonly resources: readonly Resource[];
  readonly notes?: readonly string[];
  /** Absolute paths of files that are judged as a part of it, as the template of a nested stack. */
  readonly includes?: readonly string[];
  /** What an account knows of its users, by URN. */
  readonly users?: ReadonlyMap<string, UserRecord>;
  /** Whether what it declares is there, and not only planned. */
  readonly isDeployed?: boolean;
  /** Whether an account was asked for lists of what its users have: one that is not there was refused, and not only not saved. */
  readonly isAsked?: boolean;
  /** The documents of AWS's own policies, by ARN. */
  readonly awsPolicies?: ReadonlyMap<string, unknown>;
  /** The latest use that AWS recorded, by URN. */
  readonly lastUses?: ReadonlyMap<string, LastUse>;
  /** The users of each group, by URN, where all users are known. */
  readonly members?: ReadonlyMap<string, readonly string[]>;
  /** Resources of which there is more to say, by URN. */
  readonly remarks?: ReadonlyMap<string, string>;
  /** What no rule is about. */
  readonly subjects?: readonly Subject[];
}

/** Those that stand there more than once. What is declared twice could be judged by the policies of the other. */
export function repeated(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

/** What is set up for a user; `unknown` where the account did not say it. */
export type UserRecord = Omit<Setup, "guardedBy"> | "unknown";
