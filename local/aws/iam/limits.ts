import type { Account } from "../account";
import { awsError } from "../error";

/**
 * AWS deletes a user only without any of these; moto checks only the policies.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export async function assertUserEmpty(UserName: string, { iam }: Account): Promise<void> {
  const password = await iam.getLoginProfile({ UserName }).catch(() => undefined);
  assertEmpty([
    ["remove users from group", (await iam.listGroupsForUser({ UserName })).Groups],
    ["delete access keys", (await iam.listAccessKeys({ UserName })).AccessKeyMetadata],
    ["delete MFA device", (await iam.listMFADevices({ UserName })).MFADevices],
    ["delete login profile", password && [password]],
  ]);
}

/** moto deletes a group that is not empty: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html */
export async function assertGroupEmpty(GroupName: string, { iam }: Account): Promise<void> {
  assertEmpty([
    ["remove users from group", (await iam.getGroup({ GroupName })).Users],
    ["detach all policies", (await iam.listAttachedGroupPolicies({ GroupName })).AttachedPolicies],
    ["delete policies", (await iam.listGroupPolicies({ GroupName })).PolicyNames],
  ]);
}

function assertEmpty(
  lists: readonly (readonly [fix: string, found: readonly unknown[] | undefined])[],
): void {
  for (const [fix, found = []] of lists) if (found.length > 0) throw awsError("notEmpty", fix);
}

/** moto deletes a policy that is attached: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
export async function assertPolicyDetached(PolicyArn: string, { iam }: Account): Promise<void> {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  if (Policy?.AttachmentCount) throw awsError("policyAttached");
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAXIMUM_KEYS = 2;

export async function assertKeyFits(UserName: string, { iam }: Account): Promise<void> {
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
  if (AccessKeyMetadata.length >= MAXIMUM_KEYS) throw awsError("keyQuota", String(MAXIMUM_KEYS));
}
