import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  paginateListAccessKeys,
} from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt, attemptIfExists } from "./explain";
import { allItems } from "./pages";
import { notAws } from "./unanswered";

/** A user's long-term access key. Its id is not secret. */
export interface AccessKey {
  readonly id: string;
  readonly active: boolean;
  readonly madeAt: Date;
}

/** A long-term access key with its secret. */
export interface SecretKey {
  readonly id: string;
  readonly secret: string;
}

/** The last request signed with a key. AWS keeps only this one, with its time to about 15 minutes. */
export interface LastUse {
  readonly at: Date;
  /** Such as `sts`, `s3`. */
  readonly service: string;
}

/** The user's access keys, active or not. Throws Failure if AWS refuses. */
export function accessKeys({ iam }: Aws, user: string): Promise<AccessKey[]> {
  return attempt(`read the access keys of ${user}`, async () => {
    const pages = paginateListAccessKeys({ client: iam }, { UserName: user });
    const keys = await allItems(pages, (page) => page.AccessKeyMetadata);
    return keys.map(({ AccessKeyId: id = "", Status, CreateDate: madeAt = new Date(0) }) => ({
      id,
      active: Status === "Active",
      madeAt,
    }));
  });
}

/**
 * When and for what the key was last used; `undefined` if never.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
 */
export function lastUseOf({ iam }: Aws, key: AccessKey): Promise<LastUse | undefined> {
  return attempt(`read the last use of ${key.id}`, async () => {
    const { AccessKeyLastUsed: use } = await iam.send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: key.id }),
    );
    return use?.LastUsedDate && { at: use.LastUsedDate, service: use.ServiceName ?? "" };
  });
}

/** Creates a key. AWS returns its secret only here. Throws Failure if AWS refuses. */
export function createAccessKey({ iam }: Aws, user: string): Promise<SecretKey> {
  return attempt(`create an access key for ${user}`, async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
    const { AccessKeyId: id, SecretAccessKey: secret } = AccessKey ?? {};
    if (!id || !secret) throw notAws("no access key in the response");
    return { id, secret };
  });
}

export async function deleteAccessKey({ iam }: Aws, user: string, id: string): Promise<void> {
  await attemptIfExists(`delete the access key ${id}`, () =>
    iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id })),
  );
}
