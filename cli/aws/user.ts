import { GetLoginProfileCommand, GetUserCommand, paginateGetGroup } from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt, nameOf } from "./explain";

export interface IamUser {
  readonly arn: string;
  /** When the user last signed in to the console. */
  readonly passwordUsedAt: Date | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The user; `undefined` where there is none of that name. */
export function iamUser({ iam }: Aws, name: string): Promise<IamUser | undefined> {
  return attempt(`read the user ${name}`, () =>
    unlessMissing(async () => {
      const { User } = await iam.send(new GetUserCommand({ UserName: name }));
      const tags = (User?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);
      return {
        arn: User?.Arn ?? "",
        passwordUsedAt: User?.PasswordLastUsed,
        tags: Object.fromEntries(tags),
      };
    }),
  );
}

/** Whether the user can sign in to the console with a password. */
export async function hasPassword({ iam }: Aws, user: string): Promise<boolean> {
  const profile = await attempt(`check whether ${user} has a password`, () =>
    unlessMissing(() => iam.send(new GetLoginProfileCommand({ UserName: user }))),
  );
  return profile !== undefined;
}

/** The names of a group's members; `undefined` where there is no such group. */
export function membersOf({ iam }: Aws, group: string): Promise<ReadonlySet<string> | undefined> {
  return attempt(`read the group ${group}`, () =>
    unlessMissing(async () => {
      const names = new Set<string>();
      for await (const page of paginateGetGroup({ client: iam }, { GroupName: group })) {
        for (const { UserName = "" } of page.Users ?? []) names.add(UserName);
      }
      return names;
    }),
  );
}

/** What AWS says is not there is `undefined`. */
export async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (nameOf(error).startsWith("NoSuchEntity")) return undefined;
    throw error;
  }
}
