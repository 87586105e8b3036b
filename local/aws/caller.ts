export type Tags = Readonly<Record<string, string>>;

/** An MFA code that AWS accepted: the device's serial number, and when. */
export interface Mfa {
  readonly serial: string;
  readonly at: Date;
}

/** What temporary credentials carry. */
export interface Session {
  readonly issuedAt: Date;
  readonly mfa?: Mfa | undefined;
  /** Session policies; none limits nothing, but for a federated user. */
  readonly policies: readonly unknown[];
}

/** The principal that the access key of a call belongs to. */
export interface Caller {
  readonly kind: "root" | "user" | "role" | "federated";
  readonly account: string;
  /** The name of the user or role; for a federated user, of the user who called GetFederationToken. Empty for root. */
  readonly name: string;
  /** As GetCallerIdentity returns it. */
  readonly arn: string;
  /** `aws:PrincipalArn`: for the session of a role, the role's ARN. */
  readonly principalArn: string;
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
  readonly userId: string;
  readonly tags: Tags;
  /** Absent for long-term access keys. */
  readonly session?: Session;
  readonly accessKeyId: string;
}
