import type { Account } from "../account";
import { awsError } from "../error";

/**
 * A user is deleted only when nothing is left of them; moto looks at their policies alone.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export async function assertUserEmpty(UserName: string, { iam }: Account): Promise<void> {
  const { Groups = [] } = await iam.listGroupsForUser({ UserName });
  if (Groups.length > 0) throw awsError("conflict", "remove users from group");
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
  if (AccessKeyMetadata.length > 0) throw awsError("conflict", "delete access keys");
  const { MFADevices = [] } = await iam.listMFADevices({ UserName });
  if (MFADevices.length > 0) throw awsError("conflict", "delete MFA device");
  const password = await iam.getLoginProfile({ UserName }).catch(() => undefined);
  if (password) throw awsError("conflict", "delete login profile");
}

/** moto deletes a group whatever it holds: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html */
export async function assertGroupEmpty(GroupName: string, { iam }: Account): Promise<void> {
  const { Users = [] } = await iam.getGroup({ GroupName });
  if (Users.length > 0) throw awsError("conflict", "remove users from group");
  const { AttachedPolicies = [] } = await iam.listAttachedGroupPolicies({ GroupName });
  if (AttachedPolicies.length > 0) throw awsError("conflict", "detach all policies");
  const { PolicyNames = [] } = await iam.listGroupPolicies({ GroupName });
  if (PolicyNames.length > 0) throw awsError("conflict", "delete policies");
}

/** moto deletes a policy that is attached: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
export async function assertPolicyDetached(PolicyArn: string, { iam }: Account): Promise<void> {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  if (Policy?.AttachmentCount) throw awsError("policyAttached");
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const KEYS_OF_A_USER = 2;

export async function assertKeyFits(UserName: string, { iam }: Account): Promise<void> {
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
  if (AccessKeyMetadata.length >= KEYS_OF_A_USER) throw awsError("keyQuota", String(KEYS_OF_A_USER));
}
