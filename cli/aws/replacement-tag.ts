import { TagUserCommand, UntagUserCommand } from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt } from "./explain";

/** The tag of a user whose first device is being replaced. Its value is when the stack created the old device. */
export const REPLACING = "aws-mfa-stack:replacing";

/** The tag's key for a device. That of an additional one, such as `alice/backup`, ends in the device's name. */
export function replacementTag({ id }: { readonly id: string }): string {
  const [, name] = id.split("/");
  return name === undefined ? REPLACING : `${REPLACING}/${name}`;
}

/** A new device that is not enabled within this time is replaced again: others may have seen its seed by then. */
const WAITS_MS = 24 * 60 * 60 * 1000;

/**
 * Marks the user. Without the tag, a device that is not enabled yet could be the lost one as well as the new one.
 *
 * @param madeAt when the old device was created
 */
export async function tagReplacement(
  { iam }: Pick<Aws, "iam">,
  user: string,
  madeAt: string,
  key = REPLACING,
): Promise<void> {
  await attempt(`tag ${user} for the replacement`, () =>
    iam.send(new TagUserCommand({ UserName: user, Tags: [{ Key: key, Value: madeAt }] })),
  );
}

export async function untagReplacement({ iam }: Pick<Aws, "iam">, user: string, key: string): Promise<void> {
  await attempt(`remove the tag from ${user}`, () =>
    iam.send(new UntagUserCommand({ UserName: user, TagKeys: [key] })),
  );
}

/** Whether the stack's device is the new one of an unfinished replacement. */
export function isNew(madeAt: string | undefined, marked: string | undefined, now: number): boolean {
  if (madeAt === undefined || marked === undefined || madeAt === marked) return false;
  return now - Date.parse(madeAt) < WAITS_MS;
}
