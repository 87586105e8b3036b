import { accessKeys, deleteAccessKey, lastUseOf } from "../aws/access-key";
import { Failure } from "../failure";
import { carryOut } from "../plan/carry-out";
import { localTime } from "../terminal/time";
import { keyStore } from "./key-store";
import { type Asking, type Own, withOwnKeys } from "./own-keys";

/**
 * Deletes the key that the profile's took the place of, which cannot be undone.
 *
 * @throws Failure (`failed`) where it is active, is the newer one, or was used after the profile's was created: another computer
 *   may have it
 */
export async function deleteOld(profile: string, how: Asking & { readonly yes: boolean }): Promise<void> {
  await withOwnKeys(profile, how, (own) => inTurn(profile, own, how.yes));
}

async function inTurn(profile: string, { aws, user, key, place }: Own, yes: boolean): Promise<void> {
  const keys = await accessKeys(aws, user);
  const own = keys.find(({ id }) => id === key.id);
  const old = keys.find(({ id }) => id !== key.id);
  if (own === undefined || old === undefined) {
    process.stdout.write(`${user} has no access key but ${key.id}.\n`);
    return;
  }
  const use = await lastUseOf(aws, old);
  const refuse = (why: string) => new Failure("failed", `${old.id} ${why}.`, kept(user, old.id));
  if (old.active) throw refuse("is active, so another computer may use it");
  if (old.madeAt >= own.madeAt) throw refuse(`is newer than ${own.id}, the key of the profile ${profile}`);
  // AWS tells both to the second at best, and the rotation itself used the old one last.
  if (use && use.at > own.madeAt) {
    throw refuse(
      `was used for ${use.service} on ${localTime(use.at)}, after ${own.id} was created on ${localTime(own.madeAt)}: another computer may have it`,
    );
  }
  const used = use ? `last used for ${use.service} on ${localTime(use.at)}` : "never used";
  const step = {
    what: `Delete ${old.id}, inactive, created on ${localTime(old.madeAt)}, ${used}`,
    done: false,
    run: async () => {
      await deleteAccessKey(aws, user, old.id);
      if (place === "keyring") await (await keyStore(place)).forget(old.id);
    },
  };
  await carryOut({ aim: `Delete the old access key of ${user}`, steps: [step] }, yes);
}

function kept(user: string, id: string): string {
  return `Nothing was changed. Once you know that nobody needs it: aws iam delete-access-key --user-name ${user} --access-key-id ${id}`;
}
