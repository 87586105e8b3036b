import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../provider/found";
import { deleteUser } from "../provider/iam/user-deletion";
import type { Scene } from "./scene";

/**
 * Deletes everything in the account whose name has the suffix: what an interrupted run has left, in whatever order it was made.
 * Gives the names. Rejects with what AWS refuses.
 */
export async function takeAway({ iam, s3 }: Scene, suffix: string): Promise<readonly string[]> {
  const gone: string[] = [];
  const each = async (names: readonly string[], remove: (name: string) => Promise<unknown>) => {
    for (const name of names.filter((one) => one.includes(suffix))) {
      await found(remove(name));
      gone.push(name);
    }
  };
  await each(
    await namesIn(iam.paginateListUsers(), ({ Users }) => Users?.map(({ UserName }) => UserName)),
    (UserName) => deleteUser(iam, UserName, true),
  );
  await each(
    await namesIn(iam.paginateListVirtualMFADevices(), (page) =>
      page.VirtualMFADevices?.map(({ SerialNumber }) => SerialNumber),
    ),
    (SerialNumber) => iam.deleteVirtualMFADevice({ SerialNumber }),
  );
  await each(
    await namesIn(iam.paginateListGroups(), ({ Groups }) => Groups?.map(({ GroupName }) => GroupName)),
    (GroupName) => deleteGroup(iam, GroupName),
  );
  await each(
    await namesIn(iam.paginateListRoles(), ({ Roles }) => Roles?.map(({ RoleName }) => RoleName)),
    (RoleName) => deleteRole(iam, RoleName),
  );
  await each(
    await namesIn(iam.paginateListPolicies({ Scope: "Local" }), ({ Policies }) =>
      Policies?.map(({ Arn }) => Arn),
    ),
    (Arn) => deletePolicy(iam, Arn),
  );
  const { Buckets = [] } = await s3.listBuckets();
  await each(
    Buckets.map(({ Name = "" }) => Name),
    (Bucket) => s3.deleteBucket({ Bucket }),
  );
  return gone;
}

async function namesIn<Page>(
  pages: AsyncIterable<Page>,
  names: (page: Page) => readonly (string | undefined)[] | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) for (const name of names(page) ?? []) if (name) found.push(name);
  return found;
}

async function deleteGroup(iam: IAM, GroupName: string): Promise<void> {
  const { AttachedPolicies = [] } = await iam.listAttachedGroupPolicies({ GroupName });
  for (const { PolicyArn } of AttachedPolicies) await iam.detachGroupPolicy({ GroupName, PolicyArn });
  const { PolicyNames = [] } = await iam.listGroupPolicies({ GroupName });
  for (const PolicyName of PolicyNames) await iam.deleteGroupPolicy({ GroupName, PolicyName });
  await iam.deleteGroup({ GroupName });
}

async function deleteRole(iam: IAM, RoleName: string): Promise<void> {
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  for (const { PolicyArn } of AttachedPolicies) await iam.detachRolePolicy({ RoleName, PolicyArn });
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
  await iam.deleteRole({ RoleName });
}

async function deletePolicy(iam: IAM, PolicyArn: string): Promise<void> {
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
  for (const { VersionId } of Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion))
    await iam.deletePolicyVersion({ PolicyArn, VersionId });
  await iam.deletePolicy({ PolicyArn });
}
