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
import { attempt } from "./explain";
import { unlessMissing } from "./user";

// What takes a user's ways in away. Each can be called twice: what is gone already suits it.

/** Takes a device off its user. Nobody needs its codes any more, and nobody can use them. */
export async function deactivateDevice({ iam }: Aws, user: string, serial: string): Promise<void> {
  await attempt(`deactivate the device ${serial}`, () =>
    unlessMissing(() => iam.send(new DeactivateMFADeviceCommand({ UserName: user, SerialNumber: serial }))),
  );
}

/** Deletes a device that is assigned to nobody. */
export async function deleteDevice({ iam }: Aws, serial: string): Promise<void> {
  await attempt(`delete the device ${serial}`, () =>
    unlessMissing(() => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }))),
  );
}

export async function deactivateKey({ iam }: Aws, user: string, id: string): Promise<void> {
  await attempt(`deactivate the access key ${id}`, () =>
    unlessMissing(() =>
      iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status: "Inactive" })),
    ),
  );
}

export async function removePassword({ iam }: Aws, user: string): Promise<void> {
  await attempt(`delete the password of ${user}`, () =>
    unlessMissing(() => iam.send(new DeleteLoginProfileCommand({ UserName: user }))),
  );
}

/** The names of the groups that the user is in; `undefined` where there is no such user. */
export function groupsOf({ iam }: Aws, user: string): Promise<string[] | undefined> {
  return attempt(`read the groups of ${user}`, () =>
    unlessMissing(async () => {
      const names: string[] = [];
      for await (const page of paginateListGroupsForUser({ client: iam }, { UserName: user })) {
        for (const { GroupName = "" } of page.Groups ?? []) names.push(GroupName);
      }
      return names.sort();
    }),
  );
}

export async function leaveGroup({ iam }: Aws, user: string, group: string): Promise<void> {
  await attempt(`remove ${user} from the group ${group}`, () =>
    unlessMissing(() => iam.send(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }))),
  );
}

/** The user's inline policy of that name; `undefined` where there is none. */
export async function inlinePolicy({ iam }: Aws, user: string, name: string): Promise<string | undefined> {
  const found = await attempt(`read the policy ${name} of ${user}`, () =>
    unlessMissing(() => iam.send(new GetUserPolicyCommand({ UserName: user, PolicyName: name }))),
  );
  return found && decodeURIComponent(found.PolicyDocument ?? "");
}

export async function putInlinePolicy({ iam }: Aws, user: string, name: string, document: string) {
  await attempt(`add the policy ${name} to ${user}`, () =>
    iam.send(new PutUserPolicyCommand({ UserName: user, PolicyName: name, PolicyDocument: document })),
  );
}
