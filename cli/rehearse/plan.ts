import type { LastUse, SeenUse } from "../audit/report";

/** Who would be stopped by a change, and the way out for each. `--format json` prints it as it is. Times are ISO 8601. */
export interface Plan {
  readonly version: 1;
  readonly madeAt: string;
  /** The change, in words. */
  readonly change: string;
  /** What it is rehearsed on. */
  readonly evidence: readonly Evidence[];
  /** Who would be stopped, and then who may be. */
  readonly affected: readonly Affected[];
  /** Used within the period by AWS's own figures, by somebody whom the logs do not show. */
  readonly unseen: readonly Unseen[];
  /** What the change touches and nobody has used for 90 days, by AWS's own figures. */
  readonly unused: readonly Unused[];
  /** What the policies' configuration has to hold for those who must wait. */
  readonly exemptions: Readonly<Record<string, object>>;
  /** Why this cannot say that nobody would be stopped. */
  readonly gaps: readonly Gap[];
}

export interface Evidence {
  readonly account: string;
  /** Events in the logs; 0 where they hold none of the account. */
  readonly events: number;
  readonly first?: string;
  readonly last?: string;
  readonly regions: readonly string[];
}

export interface Affected {
  /** The ARN of a user or role; the service, the provider or the account of others. */
  readonly id: string;
  readonly kind: "user" | "role" | "other";
  readonly name: string;
  /** `may be stopped`: what the records do not tell decides. */
  readonly outcome: "stopped" | "may be stopped";
  readonly by: "people" | "machines" | "people and machines" | "unclear";
  readonly calls: readonly AffectedCall[];
  /** Uses that AWS recorded and the logs do not show. */
  readonly unseenUses: readonly { readonly of: "password" | "access key"; readonly at: string }[];
  readonly waysOut: readonly WayOut[];
}

/** Calls that differ in their time alone. */
export interface AffectedCall extends SeenUse {
  /** As CloudTrail names it, such as `s3:ListBuckets`. */
  readonly call: string;
  /** The role that it assumes, where the change is that role's. */
  readonly role?: string;
  readonly outcome: Affected["outcome"];
}

export type WayOut =
  | { readonly kind: "enroll"; readonly command: string; readonly hasDevice: boolean }
  /** In the configuration of the policy. */
  | { readonly kind: "exempt"; readonly policy: string }
  /** A role for the machine alone, with its trust policy. */
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
