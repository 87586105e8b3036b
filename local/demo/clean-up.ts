import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../provider/found";
import { deletePolicy } from "../provider/iam/policy";
import { removePolicies } from "../provider/iam/policy-calls";
import { deleteUser } from "../provider/iam/user-deletion";
import type { Demo } from "./setup";

/**
 * Deletes everything in the account whose name contains the suffix, also after an interrupted run. Returns the names. Rejects with AWS's
 * error.
 */
export async function deleteAll({ iam, s3 }: Demo, suffix: string): Promise<readonly string[]> {
  const deleted: string[] = [];
  const each = async (names: readonly string[], remove: (name: string) => Promise<unknown>) => {
    for (const name of names.filter((one) => one.includes(suffix))) {
      await found(remove(name));
      deleted.push(name);
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
  return deleted;
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
  await removePolicies(iam, "group", GroupName);
  await iam.deleteGroup({ GroupName });
}

async function deleteRole(iam: IAM, RoleName: string): Promise<void> {
  await removePolicies(iam, "role", RoleName);
  await iam.deleteRole({ RoleName });
}
