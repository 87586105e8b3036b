import { GetLoginProfileCommand, GetUserCommand, paginateGetGroup } from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attemptIfExists } from "./explain";
import { allItems } from "./pages";

export interface IamUser {
  readonly arn: string;
  /** When the user last signed in to the console. */
  readonly passwordUsedAt: Date | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The user; `undefined` if there is none of that name. */
export function iamUser({ iam }: Aws, name: string): Promise<IamUser | undefined> {
  return attemptIfExists(`read the user ${name}`, async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: name }));
    const tags = (User?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);
    return {
      arn: User?.Arn ?? "",
      passwordUsedAt: User?.PasswordLastUsed,
      tags: Object.fromEntries(tags),
    };
  });
}

/** Whether the user can sign in to the console with a password. */
export async function hasPassword({ iam }: Aws, user: string): Promise<boolean> {
  const profile = await attemptIfExists(`check whether ${user} has a password`, () =>
    iam.send(new GetLoginProfileCommand({ UserName: user })),
  );
  return profile !== undefined;
}

/** The names of a group's members; `undefined` if there is no such group. */
export function membersOf({ iam }: Aws, group: string): Promise<ReadonlySet<string> | undefined> {
  return attemptIfExists(`read the group ${group}`, async () => {
    const users = await allItems(
      paginateGetGroup({ client: iam }, { GroupName: group }),
      (page) => page.Users,
    );
    return new Set(users.map(({ UserName = "" }) => UserName));
  });
}
