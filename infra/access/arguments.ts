import type * as pulumi from "@pulumi/pulumi";
import type { SelfServiceArgs } from "../group/self-service";
import type { RolePermissions } from "../role/mfa-role";

/** A user of an `MfaAccess`. */
export interface AccessUser {
  /** The user's name. */
  name: string;
  /** Whether the user already exists. An existing user is only added to the group and given devices. Default: false. */
  existing?: boolean | undefined;
  /** Whether a user that the component created stays in AWS when removed from `users`. Default: false. */
  retainOnDelete?: boolean | undefined;
  /** The user's path, such as `/team/`. */
  path?: string | undefined;
  /** The ARN of the user's permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  /** The names of the user's virtual MFA devices, 1 to 8. Default: `devices` of all users. */
  devices?: string[] | undefined;
  /** The names of the roles that the user may assume. Default: all of them. */
  roles?: string[] | undefined;
}

/** Who may assume a role. */
export interface RoleTrust {
  /** Ids of accounts whose users may assume the role. */
  accounts?: string[] | undefined;
  /** Names of users of the same `MfaAccess`, or ARNs of users. */
  users?: string[] | undefined;
}

/** A role of an `MfaAccess`. */
export interface AccessRole extends RolePermissions {
  /** The role's name. */
  name: string;
  /** Who may assume the role. Default: this account. */
  trust?: RoleTrust | undefined;
  /** The role's path, such as `/team/`. */
  path?: string | undefined;
  /** The ARN of a role in another account. It is assumed to create this role there. */
  assumeRoleArn?: string | undefined;
}

export interface MfaAccessArgs extends SelfServiceArgs {
  /** The group's name. It must end in `MFA`. Default: `MFA`. */
  groupName?: pulumi.Input<string> | undefined;
  /** The users, created or existing. */
  users?: AccessUser[] | undefined;
  /** The names of each user's virtual MFA devices, 1 to 8. Default: `phone`. */
  devices?: string[] | undefined;
  /** Names of users who stay in AWS and can leave the group with active credentials. */
  releaseUsers?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The roles, at least one. Default: `MFABasedAccess`, which can list buckets and objects. */
  roles?: AccessRole[] | undefined;
  /** The name of the AWS CLI profile that asks for a code. Default: `mfabasedaccess`. */
  profileName?: pulumi.Input<string> | undefined;
  /** The name of the AWS CLI profile that holds a user's access keys. Default: `default`. */
  sourceProfile?: pulumi.Input<string> | undefined;
  /** Tags of all resources that can have tags. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}
