import { type AccessKey, accessKeys, createAccessKey, deleteAccessKey } from "../aws/access-key";
import { accessKeyStatusCommand } from "../aws/cli-command";
import { deactivateKey } from "../aws/revoke";
import { carryOut, type Step } from "../plan/plan";
import { deleteSession } from "../session/cache";
import { withNotice } from "../terminal/progress";
import { keyStore, replacementTimes, STORE_NAMES, type StoredKey, type StoreName } from "./key-store";
import { assertInProfile, assertWorks, withdraw } from "./new-key";
import { type Own, type OwnKeysOptions, profileOption, withOwnKeys } from "./own-keys";
import { assertCanWrite, writeProfileKey } from "./profile-keys";
import { assertDiscardable } from "./second-key";

interface RotateOptions extends OwnKeysOptions {
  /** Where to store the new secret; by default where the old one is. */
  readonly keepIn: StoreName | undefined;
  /** A second key whose secret nobody has. */
  readonly discard: string | undefined;
  readonly yes: boolean;
}

/**
 * Gives a profile a new access key: creates it, checks that it works, writes it to the profile, and only then makes the old one inactive.
 * The new secret is stored before anything else happens, so that another run can resume after a kill.
 *
 * @throws Failure if a step fails; another run resumes there. The profile has a working key at all times
 */
export async function rotate(profile: string, how: RotateOptions): Promise<void> {
  await withOwnKeys(profile, how, (own) => rotateKey(profile, own, how));
}

/** AWS tells its time to the second, and its answers take a while. */
const CLOCK_TOLERANCE_MS = 5_000;

async function rotateKey(profile: string, own: Own, how: RotateOptions): Promise<void> {
  const { aws, user, key, file } = own;
  const keys = await accessKeys(aws, user);
  const begun = await begunRotation(own, keys);
  const isWritten = begun?.next.id === key.id;
  const place = how.keepIn ?? (begun && !isWritten ? begun.place : own.place);
  const store = await keyStore(place);
  const old = isWritten ? (begun.next.replaces ?? key.id) : key.id;
  const second = keys.find(({ id }) => id !== key.id && id !== begun?.next.id && id !== old);
  if (second) await assertDiscardable(profile, own, keys, second, how.discard);
  // Checked before AWS creates or changes anything.
  await store.write({ id: "trial", secret: "trial" });
  await store.forget("trial");
  await assertCanWrite(profile, file, key, place);

  let next: StoredKey | undefined = begun?.next;
  const create = async () => {
    const created = { ...(await createAccessKey(aws, user)), replaces: old };
    await store.write(created).catch((error) => withdraw(profile, own, created.id, error));
    next = created;
  };
  const write = async () => {
    if (next === undefined) throw new Error("there is no new key to write");
    const created = next;
    await withNotice("Waiting for AWS to accept the new key", () => assertWorks(profile, created, own));
    if (begun && begun.place !== place) await store.write(created);
    // It was cached for the old key.
    await deleteSession(profile);
    await writeProfileKey(profile, file, created, place);
    await assertInProfile(profile, created);
    // Until now this computer itself used the old key.
    const until = new Date(aws.clock.now() + CLOCK_TOLERANCE_MS);
    if (!isWritten) await (await replacementTimes()).write(old, until);
  };
  const others = own.othersWith(old);
  const steps: Step[] = [
    {
      what: `Create a new access key for ${user}`,
      done: next !== undefined,
      run: create,
    },
    {
      what: `Write it to the profile ${profile}${place === "keyring" ? " (the secret to the keyring)" : ""} once AWS accepts it`,
      done: isWritten && own.place === place,
      run: write,
    },
    {
      what: `Make ${old} inactive${others.length === 0 ? "" : ` (also the key of ${others.join(", ")})`}`,
      done: isWritten && keys.every(({ id, active }) => id !== old || !active),
      run: () => deactivateKey(aws, user, old),
    },
  ];
  if (second) {
    steps.unshift({
      what: `Delete ${second.id}, which was never used`,
      done: false,
      run: () => deleteAccessKey(aws, user, second.id),
    });
  }
  await carryOut({ title: `Replace the access key of ${user} in the profile ${profile}`, steps }, how.yes);
  if (next !== undefined) await keepOnlyIn(place, next, own, begun);
  process.stdout.write(
    `${old} is inactive: it no longer works on any computer. If something still needs it, activate it again:\n` +
      `  ${accessKeyStatusCommand(user, old, "Active")}\n` +
      `If nothing has failed after a few days, delete it: aws-mfa keys delete-old${profileOption(profile)}\n`,
  );
}

/** What an earlier run stored on this computer about a rotation that it did not finish. */
interface BegunRotation {
  /** Already the profile's key, or the one for it. */
  readonly next: StoredKey;
  readonly place: StoreName;
}

async function begunRotation(
  { key, place: own }: Own,
  keys: readonly AccessKey[],
): Promise<BegunRotation | undefined> {
  for (const place of STORE_NAMES) {
    // The keyring is asked only if it may have a key: there may be no keyring.
    if (place === "keyring" && keys.length < 2 && own !== "keyring") continue;
    const store = await keyStore(place);
    for (const { id } of keys) {
      const next = await store.read(id).catch((error) => {
        if (own === "keyring") throw error;
        return undefined;
      });
      if (next?.replaces && (id === key.id || next.replaces === key.id)) return { next, place };
    }
  }
  return undefined;
}

/** Forgets the new key wherever an interrupted run stored it, except where the profile has it. */
async function keepOnlyIn(
  place: StoreName,
  { id, secret }: StoredKey,
  own: Own,
  begun: BegunRotation | undefined,
): Promise<void> {
  const keyring = await keyStore("keyring");
  if (place === "keyring") await keyring.write({ id, secret });
  else if (begun) {
    // This computer may have no keyring.
    await keyring.forget(id).catch((error) => {
      if (begun.place === "keyring" || own.place === "keyring") throw error;
    });
  }
  await (await keyStore("file")).forget(id);
}
