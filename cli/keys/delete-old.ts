import { accessKeys, deleteAccessKey, lastUseOf } from "../aws/access-key";
import { deleteAccessKeyCommand } from "../aws/cli-command";
import { Failure } from "../failure";
import { carryOut } from "../plan/plan";
import { localTime } from "../terminal/time";
import { keyStore, replacementTimes } from "./key-store";
import { type Own, type OwnKeysOptions, withOwnKeys } from "./own-keys";

/**
 * Deletes the access key that the profile's key replaced. This cannot be undone.
 *
 * @throws Failure (`failed`) if it is active, is newer, or was used after it was replaced: another computer may have it. It was replaced
 *   when the profile got the new key. Until then this computer itself used the old one, for days if a rotation was interrupted; what
 *   used it between then and its deactivation was something else. If the time is not known, as on another computer, any use after the
 *   new key was created counts.
 */
export async function deleteOld(
  profile: string,
  how: OwnKeysOptions & { readonly yes: boolean },
): Promise<void> {
  await withOwnKeys(profile, how, (own) => deleteReplaced(profile, own, how.yes));
}

async function deleteReplaced(profile: string, { aws, user, key, place }: Own, yes: boolean): Promise<void> {
  const keys = await accessKeys(aws, user);
  const own = keys.find(({ id }) => id === key.id);
  const old = keys.find(({ id }) => id !== key.id);
  if (own === undefined || old === undefined) {
    process.stdout.write(`${user} has only the access key ${key.id}: there is no old one to delete.\n`);
    return;
  }
  const use = await lastUseOf(aws, old);
  const refuse = (why: string) =>
    new Failure(
      "failed",
      `${old.id} ${why}.`,
      `Nothing was changed. Once you know that nobody needs it: ${deleteAccessKeyCommand(user, old.id)}`,
    );
  if (old.active) throw refuse("is active, so another computer may use it");
  if (old.madeAt >= own.madeAt) throw refuse(`is newer than ${own.id}, the key of the profile ${profile}`);
  const times = await replacementTimes();
  const replacedAt = await times.read(old.id);
  // AWS records both to the second at best, and the rotation itself used the old key last.
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
      // A rotation that moved the profile's key out of the keyring left the old one there.
      await (await keyStore("keyring")).forget(old.id).catch((error) => {
        if (place === "keyring") throw error;
      });
    },
  };
  await carryOut({ title: `Delete the old access key of ${user}`, steps: [step] }, yes);
}
