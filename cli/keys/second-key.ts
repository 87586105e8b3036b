import { type AccessKey, lastUseOf } from "../aws/access-key";
import { accessKeyStatusCommand } from "../aws/cli-command";
import { Failure } from "../failure";
import { localTime } from "../terminal/time";
import { type Own, profileOption } from "./own-keys";

/**
 * A user has two access keys at most, so a second key leaves no room for a new one.
 *
 * @param discard the id of the key that the person wants deleted
 * @throws Failure (`failed`) unless it is this key, and the key was never used
 */
export async function assertDiscardable(
  profile: string,
  { aws, user, key }: Own,
  keys: readonly AccessKey[],
  second: AccessKey,
  discard: string | undefined,
): Promise<void> {
  const deactivate = accessKeyStatusCommand(user, second.id, "Inactive");
  if (second.id === discard) {
    const use = await lastUseOf(aws, second);
    if (use === undefined) return;
    throw new Failure(
      "failed",
      `${second.id} was used for ${use.service} on ${localTime(use.at)}, so someone has its secret.`,
      `Nothing was changed. Find out who, then make it inactive: ${deactivate}`,
    );
  }
  const own = keys.find(({ id }) => id === key.id);
  const option = profileOption(profile);
  const remedy =
    !second.active && own && second.madeAt < own.madeAt
      ? `It is inactive, and older. Delete it first: aws-mfa keys delete-old${option}`
      : `If it is in use on another computer, rotate it there. If not, make it inactive, and delete it once nothing has failed without it: ${deactivate}\n` +
        `If an earlier run was killed while AWS created this key, nobody has its secret. Discard it: aws-mfa keys rotate${option} --discard ${second.id}`;
  throw new Failure(
    "failed",
    `${user} has a second access key, ${second.id}, created on ${localTime(second.madeAt)}. AWS allows two, so there is no room for a new one.`,
    `${remedy}\nNothing was changed.`,
  );
}
