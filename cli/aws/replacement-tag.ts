import { TagUserCommand, UntagUserCommand } from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt } from "./explain";

/** The tag of a user whose first device is being replaced. Its value says when the stack made the one that is to go. */
export const REPLACING = "aws-mfa-stack:replacing";

/** The tag's key for a device: that of a further one, `alice/backup`, ends in its name. */
export function replacementTag({ id }: { readonly id: string }): string {
  const [, further] = id.split("/");
  return further === undefined ? REPLACING : `${REPLACING}/${further}`;
}

/** A new device that waited longer for its first codes than this is replaced once more: who has seen its code by now? */
const WAITS_MS = 24 * 60 * 60 * 1000;

/**
 * Without the mark a device that waits for its first codes could be the lost one just as well as the new one.
 *
 * @param madeAt of the device that is to go
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

/** Whether the stack's device is the new one of a replacement that was begun and not finished. */
export function isNew(madeAt: string | undefined, marked: string | undefined, now: number): boolean {
  if (madeAt === undefined || marked === undefined || madeAt === marked) return false;
  return now - Date.parse(madeAt) < WAITS_MS;
}
