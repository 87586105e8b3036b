import {
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListGroupPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  paginateListGroups,
  paginateListPolicies,
  paginateListRoles,
  paginateListUsers,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";
import { DeleteBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
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
  const client = iam;
  const users = paginateListUsers({ client }, {});
  await each(await namesIn(users, ({ Users }) => Users?.map(({ UserName }) => UserName)), (name) =>
    deleteUser(iam, name, true),
  );
  const devices = paginateListVirtualMFADevices({ client }, {});
  await each(
    await namesIn(devices, (page) => page.VirtualMFADevices?.map(({ SerialNumber }) => SerialNumber)),
    (SerialNumber) => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })),
  );
  const groups = paginateListGroups({ client }, {});
  await each(await namesIn(groups, ({ Groups }) => Groups?.map(({ GroupName }) => GroupName)), (name) =>
    deleteGroup(iam, name),
  );
  const roles = paginateListRoles({ client }, {});
  await each(await namesIn(roles, ({ Roles }) => Roles?.map(({ RoleName }) => RoleName)), (name) =>
    deleteRole(iam, name),
  );
  const policies = paginateListPolicies({ client }, { Scope: "Local" });
  await each(await namesIn(policies, ({ Policies }) => Policies?.map(({ Arn }) => Arn)), (arn) =>
    deletePolicy(iam, arn),
  );
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  await each(
    Buckets.map(({ Name = "" }) => Name),
    (Bucket) => s3.send(new DeleteBucketCommand({ Bucket })),
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

async function deleteGroup(iam: IAMClient, GroupName: string): Promise<void> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));
  const { PolicyNames = [] } = await iam.send(new ListGroupPoliciesCommand({ GroupName }));
  for (const PolicyName of PolicyNames)
    await iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName }));
  await iam.send(new DeleteGroupCommand({ GroupName }));
}

async function deleteRole(iam: IAMClient, RoleName: string): Promise<void> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies)
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
}

async function deletePolicy(iam: IAMClient, PolicyArn: string): Promise<void> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  for (const { VersionId } of Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion))
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
}
