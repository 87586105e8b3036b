import { accessKey } from "./iam/access-key";
import { group } from "./iam/group";
import { groupPolicy, rolePolicy, userPolicy } from "./iam/inline-policy";
import { groupMembership, userGroupMembership } from "./iam/membership";
import { policy } from "./iam/policy";
import { groupPolicyAttachment, rolePolicyAttachment, userPolicyAttachment } from "./iam/policy-attachment";
import { role } from "./iam/role";
import { user } from "./iam/user";
import { userLoginProfile } from "./iam/user-login-profile";
import { virtualMfaDevice } from "./iam/virtual-mfa-device";
import type { Kind } from "./kind";
import { bucket } from "./s3/bucket";

/** The supported resource types, by their tokens in `@pulumi/aws`. */
export const kinds: Readonly<Record<string, Kind>> = {
  "aws:iam/accessKey:AccessKey": accessKey,
  "aws:iam/group:Group": group,
  "aws:iam/groupMembership:GroupMembership": groupMembership,
  "aws:iam/groupPolicy:GroupPolicy": groupPolicy,
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": groupPolicyAttachment,
  "aws:iam/policy:Policy": policy,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:iam/user:User": user,
  "aws:iam/userGroupMembership:UserGroupMembership": userGroupMembership,
  "aws:iam/userLoginProfile:UserLoginProfile": userLoginProfile,
  "aws:iam/userPolicy:UserPolicy": userPolicy,
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": userPolicyAttachment,
  "aws:iam/virtualMfaDevice:VirtualMfaDevice": virtualMfaDevice,
  "aws:s3/bucket:Bucket": bucket,
};
