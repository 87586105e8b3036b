import {
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  paginateListAccessKeys,
} from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt } from "./explain";
import { notAws } from "./unanswered";
import { unlessMissing } from "./user";

/** A user's long-term access key. Its id is no secret. */
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

/** The last request that was signed with a key: AWS keeps no more than that, and about to the quarter of an hour. */
export interface LastUse {
  readonly at: Date;
  /** Such as `sts`, `s3`. */
  readonly service: string;
}

/** The user's access keys, active or not. Throws Failure where AWS refuses. */
export function accessKeys({ iam }: Aws, user: string): Promise<AccessKey[]> {
  return attempt(`read the access keys of ${user}`, async () => {
    const keys: AccessKeyMetadata[] = [];
    for await (const page of paginateListAccessKeys({ client: iam }, { UserName: user })) {
      keys.push(...(page.AccessKeyMetadata ?? []));
    }
    return keys.map(({ AccessKeyId: id = "", Status, CreateDate: madeAt = new Date(0) }) => ({
      id,
      active: Status === "Active",
      madeAt,
    }));
  });
}

/**
 * When and for what the key was used last; `undefined` where it never was.
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

/** Creates a key. Its secret is told this once. Throws Failure where AWS refuses. */
export function createAccessKey({ iam }: Aws, user: string): Promise<SecretKey> {
  return attempt(`create an access key for ${user}`, async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
    const { AccessKeyId: id, SecretAccessKey: secret } = AccessKey ?? {};
    if (!id || !secret) throw notAws("it has no access key");
    return { id, secret };
  });
}

export async function deleteAccessKey({ iam }: Aws, user: string, id: string): Promise<void> {
  await attempt(`delete the access key ${id}`, () =>
    unlessMissing(() => iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id }))),
  );
}
