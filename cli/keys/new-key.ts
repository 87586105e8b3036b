import { setTimeout as sleep } from "node:timers/promises";
import { deleteAccessKey, type SecretKey } from "../aws/access-key";
import { Failure, reasonOf } from "../failure";
import { keyOwner, type Own, profileOption } from "./own-keys";
import { profileKeys } from "./profile-keys";

/** A minute in all. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/**
 * Waits until AWS accepts a new key, which may take some seconds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 *
 * @throws Failure if it does not within a minute, or if the key belongs to another user
 */
export async function assertWorks(profile: string, next: SecretKey, { account, user }: Own): Promise<void> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      const owner = await keyOwner(next, profile);
      if (owner.account === account && owner.user === user) return;
      throw new Failure(
        "failed",
        `${next.id} belongs to ${owner.user}, not to ${user}.`,
        "Nothing was written.",
      );
    } catch (error) {
      if (pause === undefined || !(error instanceof Failure) || error.exit !== "credentials") throw error;
      await sleep(pause);
    }
  }
}

/** Checks, while the old key works, that the profile has the new one. Throws Failure (`file`). */
export async function assertInProfile(profile: string, { id, secret }: SecretKey): Promise<void> {
  const { key } = await profileKeys(profile);
  if (key.id === id && key.secret === secret) return;
  throw new Failure(
    "file",
    `The profile ${profile} has the wrong access key: expected ${id}, got ${key.id}.`,
    "Check which other program writes to it.",
  );
}

/**
 * Deletes a key whose secret could not be stored: nobody can use it.
 *
 * @throws the `error` that prevented it; Failure if the key cannot be deleted either
 */
export async function withdraw(
  profile: string,
  { aws, user }: Own,
  id: string,
  error: unknown,
): Promise<never> {
  await deleteAccessKey(aws, user, id).catch(() => {
    throw new Failure(
      "failed",
      `${id} was created, but its secret could not be kept: ${error instanceof Failure ? error.problem : reasonOf(error)}`,
      `Nobody has its secret. Discard it: aws-mfa keys rotate${profileOption(profile)} --discard ${id}`,
    );
  });
  throw error;
}
