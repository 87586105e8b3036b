import type { LastUse, SeenUse } from "../audit/report";

/** Who would be stopped by a change, and the way out for each. `--format json` prints it. Times are ISO 8601. */
export interface Plan {
  readonly version: 1;
  readonly madeAt: string;
  /** The change, as text. */
  readonly change: string;
  /** The records that were replayed. */
  readonly evidence: readonly Evidence[];
  /** Those who would be stopped, then those who may be. */
  readonly affected: readonly Affected[];
  /** Roles that AWS recorded a use of within the period, by someone whom the logs do not show. */
  readonly unseen: readonly Unseen[];
  /** What the change affects and, by AWS's own records, nobody has used for 90 days. */
  readonly unused: readonly Unused[];
  /** The policies' configuration for those who must wait. */
  readonly exemptions: Readonly<Record<string, object>>;
  /** Missing records, without which nobody can be said not to be stopped. */
  readonly gaps: readonly Gap[];
}

export interface Evidence {
  readonly account: string;
  /** How many events of the account the logs have. */
  readonly events: number;
  readonly first?: string;
  readonly last?: string;
  readonly regions: readonly string[];
}

export interface Affected {
  /** The ARN of a user or role; for others the service, provider or account. */
  readonly id: string;
  readonly kind: "user" | "role" | "other";
  readonly name: string;
  /** `may be stopped`: it depends on something that is not recorded. */
  readonly outcome: "stopped" | "may be stopped";
  readonly by: "people" | "machines" | "people and machines" | "unclear";
  readonly calls: readonly AffectedCall[];
  /** Uses that AWS recorded, and that the logs do not show. */
  readonly unseenUses: readonly { readonly of: "password" | "access key"; readonly at: string }[];
  readonly waysOut: readonly WayOut[];
}

/** Calls that differ only in their time. */
export interface AffectedCall extends SeenUse {
  /** As CloudTrail names it, such as `s3:ListBuckets`. */
  readonly call: string;
  /** The role that it assumes, if the change is to that role. */
  readonly role?: string;
  readonly outcome: Affected["outcome"];
}

export type WayOut =
  | { readonly kind: "enroll"; readonly command: string; readonly hasDevice: boolean }
  /** An exemption in the policy's configuration. */
  | { readonly kind: "exempt"; readonly policy: string }
  /** A role for this machine only, with its trust policy. */
  | { readonly kind: "own role"; readonly of: string; readonly trust: object };

export interface Unseen {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly region?: string;
}

export interface Unused {
  readonly kind: "role" | "user";
  readonly id: string;
  readonly name: string;
  readonly lastUse: LastUse;
}

export interface Gap {
  readonly problem: string;
  readonly remedy: string;
}

/** 1: someone would or may be stopped; 2: a record that decides it is missing; 0: nobody would be stopped. */
export function exitCodeOf({ affected, unseen, gaps }: Plan): 0 | 1 | 2 {
  if (affected.length + unseen.length > 0) return 1;
  return gaps.length > 0 ? 2 : 0;
}
