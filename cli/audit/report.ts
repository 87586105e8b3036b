/** What an audit found. Every form is made from it; `--format json` prints it with what was not looked at. */
export interface Report {
  readonly version: 1;
  /** ISO 8601, in UTC. */
  readonly madeAt: string;
  /** Where it was compared with a report of before: when that was made, if it says so. What it had is `known` here. */
  readonly baseline?: { readonly madeAt?: string };
  readonly places: readonly Place[];
  /** Exemptions of the configuration that covered nothing in any of the places. */
  readonly unusedExemptions?: readonly UnusedExemption[];
}

/** What `--format json` prints. */
export interface JsonReport extends Report {
  /** The sum over all places; empty where everything was looked at. It changes no exit code. */
  readonly notLookedAt: NotLookedAt;
}

/**
 * How many of each kind were not looked at. `files` to `logs` are places of which nothing was read; the parts are of places
 * of which the rest was. `resources` still exist, but are pending deletion or to be forgotten.
 */
export type NotLookedAt = Readonly<Partial<Record<NotLookedAtKind, number>>>;

export type NotLookedAtKind =
  | "files"
  | "folders"
  | "states"
  | "accounts"
  | "logs"
  | "partsOfFiles"
  | "partsOfStates"
  | "partsOfAccounts"
  | "partsOfTemplates"
  | "resources"
  /** What is set up for users. Without it, the root user is not looked at either. */
  | "credentialReports"
  | "rootUsers"
  /** Of what users have: service-specific credentials, SSH public keys. */
  | "lists"
  /** All of an organization's SCPs and RCPs. */
  | "organizationPolicies"
  /** Single ones: what they close counts as open. */
  | "limits";

/** As the configuration has it. */
export interface UnusedExemption {
  readonly policy: string;
  readonly name?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly reason: string;
}

/** Where the audit looked: an account, the state of a stack, or a file. */
export interface Place {
  readonly kind: "account" | "state" | "file";
  /** The account's id, the stack's name, or the path as it was given. */
  readonly name: string;
  /** Of an account, the alias that it has in IAM. */
  readonly alias?: string;
  /**
   * A file of the repository that stands for the place, such as the `Pulumi.yaml` of a stack: GitHub's code scanning takes
   * no result without one.
   */
  readonly file?: string;
  /** What could not be read of it; what is there is not all of it then. */
  readonly trouble?: Trouble;
  /** What a reader has to know about all of it, such as how old a part of it may be. */
  readonly notes?: readonly string[];
  /** What was not looked at beside its `trouble` and its templates. */
  readonly notLookedAt?: NotLookedAt;
  readonly subjects: readonly Subject[];
  /**
   * What was checked and had no way in without MFA, where no more is known of it: the log of a preview does not tell what asks for MFA
   * from what only a machine can use. `"unnamed"` where it does not say of what it was either.
   */
  readonly passed?: readonly Passed[] | "unnamed";
}

export interface Trouble {
  readonly problem: string;
  readonly remedy: string;
  /** What that leaves out; without it, the place or a part of it. */
  readonly notLookedAt?: NotLookedAt;
}

export type Passed = Pick<Subject, "kind" | "name" | "id">;

/**
 * How a subject stands. `open`: a request without MFA gets in. `anyone-with-mfa`: anybody in
 * the world gets in with the MFA of an account of their own. `unknown`: a part of what decides it is not known. `exempt`:
 * an exemption covers what was found, or only principals get in that need no MFA here, such as services.
 */
export type Standing = "open" | "anyone-with-mfa" | "unknown" | "exempt" | "protected";

/**
 * A role, group or user; a policy that is judged by itself, such as one in a file that is nobody's yet; a virtual MFA
 * device; a template of which some part cannot be seen.
 */
export interface Subject {
  readonly kind: "role" | "group" | "user" | "policy" | "device" | "template";
  readonly name: string;
  /** Unique in the report: an ARN in an account, a URN in a state, path and place in a file. */
  readonly id: string;
  readonly standing: Standing;
  /** Why, in one sentence or two. */
  readonly reason: string;
  /** The policies of the organization, or the permissions boundary, without which it would be open, or open to more. */
  readonly closedBy?: readonly ClosedBy[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** For open subjects, and for roles that anyone gets into with MFA. */
  readonly danger?: Danger;
  /** For roles: who may assume it. */
  readonly assumableBy?: readonly AssumableBy[];
  /** For users of an account: what is set up for them. */
  readonly setup?: Setup;
  /** For roles, groups and users of an account: the latest use that AWS itself recorded; none where it is not known. */
  readonly lastUse?: LastUse;
  /** For groups of an account: the ids of their users, where all of them are known. */
  readonly members?: readonly string[];
  /** What the CloudTrail logs that were given show of its use; of a group, by its members. */
  readonly seen?: Seen;
}

/** A service control policy, a resource control policy, or a user's permissions boundary. */
export interface ClosedBy {
  readonly kind: "SCP" | "RCP" | "permissions boundary";
  /** Its id and name, its file, or its ARN. */
  readonly name: string;
}

/** Who gets in, and what they can then do. */
export interface Danger {
  /** `members` of a group; `named principals` are users, roles and services; `unknown` for a policy that is nobody's yet. */
  readonly who: "anyone" | "another account" | "this account" | "members" | "named principals" | "unknown";
  /**
   * `administrator`: everything. `escalation`: they can give themselves more, by a known path. `data`: change data or settings.
   * `read`: read only. `nothing`: no policy allows anything. `unknown`: a policy is not known, and the others allow no more than `data`.
   */
  readonly can: "administrator" | "escalation" | "unknown" | "data" | "read" | "nothing";
  /** What says so: actions, such as `iam:PassRole and lambda:CreateFunction`; or the policies that are not known. */
  readonly because: readonly string[];
  /** From 0 to 100, the most dangerous highest. */
  readonly rank: number;
}

/** What CloudTrail's logs show of the use of a subject. Times are ISO 8601. */
export interface Seen {
  /** The first event of the account in the logs. */
  readonly since: string;
  /** The latest first; none where the logs do not show it used. */
  readonly uses: readonly SeenUse[];
}

/** Events that differ in their time alone. */
export interface SeenUse {
  readonly by: "people" | "machines" | "unclear";
  readonly sure: "certain" | "likely" | "unclear";
  /** What says so. */
  readonly because: string;
  /** An ARN, or the service, provider or account behind the call; `others` for those that are too many to list. */
  readonly caller: string;
  readonly mfa: boolean;
  /** As the caller wrote it. */
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
      readonly region?: string;
      /** Of a group: the member. */
      readonly user?: string;
    }
  /** None: of a role in the 400 days that AWS tracks, of all credentials since AWS tracks them. */
  | {
      readonly kind: "not recorded";
      readonly of: "role" | "credentials" | "members";
      /** When the role, or the newest access key, was created. */
      readonly createdAt?: string;
    }
  /** A group of so many members, who have neither a password nor an active access key. */
  | { readonly kind: "nobody"; readonly members: number };

/** What a policy of the pack says against a subject. */
export interface Finding {
  /** The policy's name, such as `iam-role-requires-mfa`. */
  readonly policy: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: "advisory" | "mandatory";
  /** What was found, stable from version to version; none from a log, which has only its text. */
  readonly code?: string;
  /** What tells it from another finding of the same code on the subject, such as `an access key`. */
  readonly arguments?: readonly string[];
  /** In words, of several lines: the way in and the fix. */
  readonly message: string;
  readonly witnesses: readonly ReportedWitness[];
  /** The same in the next audit as long as it is the same finding on the same subject. */
  readonly fingerprint: string;
  /** `known` stands in the baseline. */
  readonly state: "new" | "known" | "exempt";
}

/** A request without MFA that gets through. */
export interface ReportedWitness {
  /** Of a trust policy: the statement's place, from 0. */
  readonly statement?: number;
  readonly sid?: string;
  readonly principal?: string;
  readonly action: string;
  readonly resource?: string;
  /** What the request carries of MFA, in words. */
  readonly world: string;
  /** Condition keys of the request; `null` for one that must be absent. */
  readonly request: Readonly<Record<string, readonly string[] | null>>;
  /** False where something stands behind it that only the request decides. */
  readonly exact: boolean;
}

/** Somebody whom a role's trust policy lets in. */
export interface AssumableBy {
  /** As the trust policy names it. */
  readonly principal: string;
  readonly class: "anyone" | "account" | "user" | "role" | "service" | "federated" | "unknown";
  readonly mfa: "required" | "not required";
}

/** `hardware`: a token that shows codes. A `passkey` or security key gives none, so it works in the console alone. */
export type DeviceKind = "virtual" | "hardware" | "passkey" | "hardware or passkey";

/** What an account knows of a user. Times are ISO 8601; `null` for never. */
export interface Setup {
  /** Whether an MFA device is assigned; it is `mfa_active` of the credential report. */
  readonly mfaDevice: boolean;
  /** Of which kinds its devices are, where IAM's lists tell; beside a virtual one there may be others. */
  readonly deviceKinds?: readonly DeviceKind[];
  /** How many are active; none where the credential report does not say. */
  readonly signingCertificates?: number;
  /** The active credentials for one service alone, which never ask for MFA; none where that is not known. */
  readonly serviceCredentials?: readonly {
    /** As IAM names it, such as `codecommit.amazonaws.com`. */
    readonly service: string;
    readonly expiresAt?: string;
  }[];
  /** How many are active; they let in to CodeCommit's Git, and never ask for MFA. None where that is not known. */
  readonly sshPublicKeys?: number;
  readonly password: { readonly lastUsed: string | null } | null;
  readonly accessKeys: readonly {
    readonly active: boolean;
    readonly createdAt: string | null;
    readonly lastUsed: string | null;
    /** Of the last use, as IAM names it, such as `s3`; absent where there is none, or the report does not say. */
    readonly lastUsedService?: string;
    readonly lastUsedRegion?: string;
  }[];
  /** Groups that carry a guard and have the user in them, and `own policies` where the user carries one; else the SCPs that are one. */
  readonly guardedBy: readonly string[];
}
