import {
  DeactivateMFADeviceCommand,
  DeleteLoginProfileCommand,
  DeleteVirtualMFADeviceCommand,
  GetUserPolicyCommand,
  PutUserPolicyCommand,
  paginateListGroupsForUser,
  RemoveUserFromGroupCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt, attemptIfExists } from "./explain";
import { allItems } from "./pages";

// Revokes a user's access. Each function can be repeated: if the entity is already gone, it succeeds.

/** Removes a device from its user. AWS then neither requires nor accepts its codes. */
export async function deactivateDevice({ iam }: Aws, user: string, serial: string): Promise<void> {
  await attemptIfExists(`deactivate the device ${serial}`, () =>
    iam.send(new DeactivateMFADeviceCommand({ UserName: user, SerialNumber: serial })),
  );
}

/** Deletes an unassigned device. */
export async function deleteDevice({ iam }: Aws, serial: string): Promise<void> {
  await attemptIfExists(`delete the device ${serial}`, () =>
    iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial })),
  );
}

export async function deactivateKey({ iam }: Aws, user: string, id: string): Promise<void> {
  await attemptIfExists(`deactivate the access key ${id}`, () =>
    iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status: "Inactive" })),
  );
}

export async function removePassword({ iam }: Aws, user: string): Promise<void> {
  await attemptIfExists(`delete the password of ${user}`, () =>
    iam.send(new DeleteLoginProfileCommand({ UserName: user })),
  );
}

/** The names of the user's groups; `undefined` if there is no such user. */
export function groupsOf({ iam }: Aws, user: string): Promise<string[] | undefined> {
  return attemptIfExists(`read the groups of ${user}`, async () => {
    const pages = paginateListGroupsForUser({ client: iam }, { UserName: user });
    const groups = await allItems(pages, (page) => page.Groups);
    return groups.map(({ GroupName = "" }) => GroupName).sort();
  });
}

export async function leaveGroup({ iam }: Aws, user: string, group: string): Promise<void> {
  await attemptIfExists(`remove ${user} from the group ${group}`, () =>
    iam.send(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group })),
  );
}

/** The user's inline policy of that name; `undefined` if there is none. */
export async function inlinePolicy({ iam }: Aws, user: string, name: string): Promise<string | undefined> {
  const found = await attemptIfExists(`read the policy ${name} of ${user}`, () =>
    iam.send(new GetUserPolicyCommand({ UserName: user, PolicyName: name })),
  );
  return found && decodeURIComponent(found.PolicyDocument ?? "");
}

export async function putInlinePolicy({ iam }: Aws, user: string, name: string, document: string) {
  await attempt(`add the policy ${name} to ${user}`, () =>
    iam.send(new PutUserPolicyCommand({ UserName: user, PolicyName: name, PolicyDocument: document })),
  );
}
