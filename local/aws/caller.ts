/** Who made a call, as the signature's access key says. */
export type Caller = Root | User | RoleSession | FederatedUser;

/** A code that was given, for which device and when. */
export interface Mfa {
  readonly serial: string;
  readonly at: Date;
}

/** What a session of GetSessionToken carries. */
export interface Session {
  readonly issuedAt: Date;
  readonly mfa: Mfa | undefined;
}

interface Base {
  readonly account: string;
  readonly accessKeyId: string;
}

export interface Root extends Base {
  readonly kind: "root";
  readonly session: Session | undefined;
}

export interface User extends Base {
  readonly kind: "user";
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly tags: Tags;
  /** Absent where the call was signed with long-term access keys. */
  readonly session: Session | undefined;
}

export interface RoleSession extends Base {
  readonly kind: "role";
  readonly role: string;
  readonly roleArn: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly tags: Tags;
  readonly issuedAt: Date;
  /** Documents that narrow what the role may; none: all of it. */
  readonly sessionPolicies: readonly unknown[];
}

/** A session of GetFederationToken. */
export interface FederatedUser extends Base {
  readonly kind: "federated";
  readonly name: string;
  /** The user who asked for it. */
  readonly user: string;
  readonly issuedAt: Date;
  readonly sessionPolicies: readonly unknown[];
}

export type Tags = Readonly<Record<string, string>>;

/** The ARN by which AWS names the caller, as GetCallerIdentity gives it. */
export function arnOf(caller: Caller): string {
  switch (caller.kind) {
    case "root":
      return `arn:aws:iam::${caller.account}:root`;
    case "user":
      return caller.arn;
    case "role":
      return `arn:aws:sts::${caller.account}:assumed-role/${caller.role}/${caller.sessionName}`;
    case "federated":
      return `arn:aws:sts::${caller.account}:federated-user/${caller.name}`;
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
export function userIdOf(caller: Caller): string {
  switch (caller.kind) {
    case "root":
      return caller.account;
    case "user":
      return caller.id;
    case "role":
      return `${caller.roleId}:${caller.sessionName}`;
    case "federated":
      return `${caller.account}:${caller.name}`;
  }
}
