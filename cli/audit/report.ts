import type { AssumableBy } from "aws-mfa-policy-pack/iam";

export type { AssumableBy };

/** What an audit found. All output formats are made from it. */
export interface Report {
  readonly version: 1;
  /** ISO 8601, in UTC. */
  readonly madeAt: string;
  /** The earlier report that it was compared with, and when that was made, if it says so. Its findings are `known` here. */
  readonly baseline?: { readonly madeAt?: string | undefined } | undefined;
  readonly places: readonly Place[];
  /** Exemptions of the configuration that covered nothing in any place. */
  readonly unusedExemptions?: readonly UnusedExemption[] | undefined;
}

/** The output of `--format json`. */
export interface JsonReport extends Report {
  /** The sum over all places; empty if everything was looked at. It does not affect the exit code. */
  readonly notLookedAt: NotLookedAt;
}

/** How many of each kind were not looked at. */
export type NotLookedAt = Readonly<Partial<Record<NotLookedAtKind, number>>>;

export type NotLookedAtKind =
  /** Places that were not read at all. */
  | "files"
  | "folders"
  | "states"
  | "accounts"
  | "logs"
  /** Places that were read in part. */
  | "partsOfFiles"
  | "partsOfStates"
  | "partsOfAccounts"
  | "partsOfTemplates"
  /** Resources that still exist, but are pending deletion or will be forgotten. */
  | "resources"
  /** The credentials of users. Without them, the root user is not looked at either. */
  | "credentialReports"
  | "rootUsers"
  /** Lists of service-specific credentials and of SSH public keys. */
  | "lists"
  /** All SCPs and RCPs of an organization. */
  | "organizationPolicies"
  /** Single SCPs and RCPs. What they close counts as open. */
  | "limits";

/** An exemption as in the configuration. */
export interface UnusedExemption {
  readonly policy: string;
  readonly name?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly reason: string;
}

/** What was audited: an account, the state of a stack, or a file. */
export interface Place {
  readonly kind: "account" | "state" | "file";
  /** The account's id, the stack's name, or the path as it was given. */
  readonly name: string;
  /** The alias of an account. */
  readonly alias?: string | undefined;
  /**
   * A file of the repository at which to show the findings, such as the `Pulumi.yaml` of a stack: GitHub's code scanning rejects
   * results without one.
   */
  readonly file?: string | undefined;
  /** Why some of it could not be read. The subjects are then not all that it has. */
  readonly trouble?: Trouble | undefined;
  /** What applies to all of it, such as the age of its data. */
  readonly notes?: readonly string[] | undefined;
  /** What was not looked at, in addition to its `trouble` and its templates. */
  readonly notLookedAt?: NotLookedAt | undefined;
  readonly subjects: readonly Subject[];
  /**
   * What was checked without a finding, if that is all that is known: the log of a preview does not tell what requires MFA from what
   * only a machine can use. `"unnamed"` if it does not name what was checked either.
   */
  readonly passed?: readonly Passed[] | "unnamed" | undefined;
}

export interface Trouble {
  readonly problem: string;
  readonly remedy: string;
  /** What was not looked at because of it; by default, the place or a part of it. */
  readonly notLookedAt?: NotLookedAt;
}

export type Passed = Pick<Subject, "kind" | "name" | "id">;

/**
 * `open`: a request without MFA gets in. `anyone-with-mfa`: anyone in the world gets in with the MFA of an account of their own.
 * `unknown`: some of what decides it is not known. `exempt`: an exemption covers what was found, or only principals get in that need
 * no MFA, such as services.
 */
export type Standing = "open" | "anyone-with-mfa" | "unknown" | "exempt" | "protected";

/**
 * A role, a group or a user; a policy without a holder, such as one in a file; a virtual MFA device; or a template with a part that
 * cannot be read.
 */
export interface Subject {
  readonly kind: "role" | "group" | "user" | "policy" | "device" | "template";
  readonly name: string;
  /** Unique in the report: an ARN in an account, a URN in a state, a path with a position in a file. */
  readonly id: string;
  readonly standing: Standing;
  /** Why, in one or two sentences. */
  readonly reason: string;
  /** The SCPs, RCPs or permissions boundary without which it would be open, or open to more principals. */
  readonly closedBy?: readonly ClosedBy[] | undefined;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** For open subjects, and for roles that are open to anyone with MFA. */
  readonly danger?: Danger | undefined;
  /** For roles: who can assume it. */
  readonly assumableBy?: readonly AssumableBy[] | undefined;
  /** For users of an account. */
  readonly setup?: Setup | undefined;
  /** For roles, groups and users of an account: the latest use that AWS recorded, if it is known. */
  readonly lastUse?: LastUse | undefined;
  /** For groups of an account: the ids of all their users, if they are known. */
  readonly members?: readonly string[] | undefined;
  /** For roles, groups and users of an account: what the CloudTrail logs show of its use, or of the use of its members. */
  readonly seen?: Seen | undefined;
}

/** A service control policy, a resource control policy, or a user's permissions boundary. */
export interface ClosedBy {
  readonly kind: "SCP" | "RCP" | "permissions boundary";
  /** Its id and name, its file, or its ARN. */
  readonly name: string;
}

/** Who gets in, and what they can then do. */
export interface Danger {
  /** `members` of a group; `named principals` are users, roles and services; `unknown` for a policy without a holder. */
  readonly who: "anyone" | "another account" | "this account" | "members" | "named principals" | "unknown";
  /**
   * `administrator`: everything. `escalation`: they can give themselves more permissions, by a known path. `data`: change data or
   * settings. `read`: only read. `nothing`: no policy allows anything. `unknown`: a policy is not known, and the others allow no more
   * than `data`.
   */
  readonly can: "administrator" | "escalation" | "unknown" | "data" | "read" | "nothing";
  /** The actions that allow it, such as `iam:PassRole and lambda:CreateFunction`; or the policies that are not known. */
  readonly because: readonly string[];
  /** From 0 to 100, the most dangerous highest. */
  readonly rank: number;
}

/** What CloudTrail logs show of the use of a subject. Times are ISO 8601. */
export interface Seen {
  /** The first event of the account in the logs. */
  readonly since: string;
  /** The latest first; empty if the logs show no use. */
  readonly uses: readonly SeenUse[];
}

/** Events that only differ in their time. */
export interface SeenUse {
  readonly by: "people" | "machines" | "unclear";
  readonly sure: "certain" | "likely" | "unclear";
  /** What shows who it is by. */
  readonly because: string;
  /** An ARN, or the service, provider or account that called; `others` if there are too many to list. */
  readonly caller: string;
  readonly mfa: boolean;
  /** The user agent, which the caller chooses. */
  readonly agent: string;
  /** An IP address, or the name of an AWS service. */
  readonly source: string;
  readonly first: string;
  readonly last: string;
  readonly events: number;
}

/** The latest use that AWS recorded. Times are ISO 8601. */
export type LastUse =
  | {
      readonly kind: "used";
      readonly of: "role" | "password" | "access key";
      readonly at: string;
      /** Of a role. */
      readonly region?: string | undefined;
      /** Of a group: the member. */
      readonly user?: string;
    }
  /** None in the time that AWS tracks: for a role, 400 days. */
  | {
      readonly kind: "not recorded";
      readonly of: "role" | "credentials" | "members";
      /** When the role, or the newest access key, was created. */
      readonly createdAt?: string | undefined;
    }
  /** None of so many members of a group has a password or an active access key. */
  | { readonly kind: "nobody"; readonly members: number };

/** What a policy of the pack found in a subject. */
export interface Finding {
  /** The policy's name, such as `iam-role-requires-mfa`. */
  readonly policy: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: "advisory" | "mandatory";
  /** What was found; the same in each version. None from an event log, which only has the message. */
  readonly code?: string;
  /** What distinguishes findings of one code on one subject, such as `an access key`. */
  readonly arguments?: readonly string[];
  /** Several lines: the ways in and the fix. */
  readonly message: string;
  readonly witnesses: readonly ReportedWitness[];
  /** The same in each audit while it is the same finding on the same subject. */
  readonly fingerprint: string;
  /** `known`: the baseline has it. */
  readonly state: "new" | "known" | "exempt";
}

/** A request without MFA that gets in. */
export interface ReportedWitness {
  /** In a trust policy: the index of the statement, from 0. */
  readonly statement?: number;
  readonly sid?: string | undefined;
  readonly principal?: string;
  readonly action: string;
  readonly resource?: string;
  /** Its MFA context, in words. */
  readonly world: string;
  /** Its condition keys; `null` for a key that must be absent. */
  readonly request: Readonly<Record<string, readonly string[] | null>>;
  /** False if it also depends on something that only the request decides. */
  readonly exact: boolean;
}

/** `hardware`: a token that shows codes. A `passkey` or security key has no codes, so it works in the console only. */
export type DeviceKind = "virtual" | "hardware" | "passkey" | "hardware or passkey";

/** The credentials of a user, and what requires MFA of the user. Times are ISO 8601; `null` for never. */
export interface Setup {
  /** Whether an MFA device is assigned: `mfa_active` in the credential report. */
  readonly mfaDevice: boolean;
  /** The kinds of its devices, if IAM listed them. A user with a virtual device may also have others. */
  readonly deviceKinds?: readonly DeviceKind[];
  /** How many are active, if the credential report says so. */
  readonly signingCertificates?: number;
  /** The active credentials for one service alone, which never require MFA, if they are known. */
  readonly serviceCredentials?: readonly {
    /** As IAM names it, such as `codecommit.amazonaws.com`. */
    readonly service: string;
    readonly expiresAt?: string;
  }[];
  /** How many are active, if that is known. They give access to CodeCommit's Git, and never require MFA. */
  readonly sshPublicKeys?: number;
  readonly password: { readonly lastUsed: string | null } | null;
  readonly accessKeys: readonly {
    readonly active: boolean;
    readonly createdAt: string | null;
    readonly lastUsed: string | null;
    /** The service of the last use as IAM names it, such as `s3`, if the report has it. */
    readonly lastUsedService?: string | undefined;
    readonly lastUsedRegion?: string | undefined;
  }[];
  /** The user's guarded groups, and `own policies` if these are a guard; or else the SCPs that are one. */
  readonly guardedBy: readonly string[];
}
