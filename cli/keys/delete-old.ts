import { accessKeys, deleteAccessKey, lastUseOf } from "../aws/access-key";
import { Failure } from "../failure";
import { carryOut } from "../plan/carry-out";
import { localTime } from "../terminal/time";
import { keyStore, replacementTimes } from "./key-store";
import { type Asking, type Own, withOwnKeys } from "./own-keys";

/**
 * Deletes the key that the profile's took the place of, which cannot be undone.
 *
 * @throws Failure (`failed`) where it is active, is the newer one, or was used after it was replaced: another computer may have it.
 *   It was replaced when the profile got the new key: until then this computer itself used the old one, for days where a rotation was
 *   interrupted. Not when it was made inactive, which may be days later too, and what used it meanwhile was somebody else. Where
 *   the time is not known, as on another computer, any use after the new key was created counts.
 */
export async function deleteOld(profile: string, how: Asking & { readonly yes: boolean }): Promise<void> {
  await withOwnKeys(profile, how, (own) => inTurn(profile, own, how.yes));
}

async function inTurn(profile: string, { aws, user, key, place }: Own, yes: boolean): Promise<void> {
  const keys = await accessKeys(aws, user);
  const own = keys.find(({ id }) => id === key.id);
  const old = keys.find(({ id }) => id !== key.id);
  if (own === undefined || old === undefined) {
    process.stdout.write(`${user} has only the access key ${key.id}: there is no old one to delete.\n`);
    return;
  }
  const use = await lastUseOf(aws, old);
  const refuse = (why: string) => new Failure("failed", `${old.id} ${why}.`, kept(user, old.id));
  if (old.active) throw refuse("is active, so another computer may use it");
  if (old.madeAt >= own.madeAt) throw refuse(`is newer than ${own.id}, the key of the profile ${profile}`);
  const times = await replacementTimes();
  const replacedAt = await times.read(old.id);
  // AWS tells both to the second at best, and the rotation itself used the old one last.
  if (use && use.at > (replacedAt ?? own.madeAt)) {
    const since = replacedAt
      ? `it was replaced on ${localTime(replacedAt)}`
      : `${own.id} was created on ${localTime(own.madeAt)}`;
    throw refuse(
      `was used for ${use.service} on ${localTime(use.at)}, after ${since}: another computer may have it`,
    );
  }
  const used = use ? `last used for ${use.service} on ${localTime(use.at)}` : "never used";
  const step = {
    what: `Delete ${old.id}, inactive, created on ${localTime(old.madeAt)}, ${used}`,
    done: false,
    run: async () => {
      await deleteAccessKey(aws, user, old.id);
      await times.forget(old.id);
      // It stays in the keyring where the rotation took the profile's key out of there.
      await (await keyStore("keyring")).forget(old.id).catch((error) => {
        if (place === "keyring") throw error;
      });
    },
  };
  await carryOut({ aim: `Delete the old access key of ${user}`, steps: [step] }, yes);
}

function kept(user: string, id: string): string {
  return `Nothing was changed. Once you know that nobody needs it: aws iam delete-access-key --user-name ${user} --access-key-id ${id}`;
}
