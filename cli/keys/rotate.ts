import { setTimeout as sleep } from "node:timers/promises";
import type { SecretKey } from "../aws/access-key";
import { type AccessKey, accessKeys, createAccessKey, deleteAccessKey, lastUseOf } from "../aws/access-key";
import { deactivateKey } from "../aws/revoke";
import { Failure, reasonOf } from "../failure";
import { carryOut } from "../plan/carry-out";
import type { Step } from "../plan/plan";
import { deleteSession } from "../session/cache";
import { withNotice } from "../terminal/progress";
import { localTime } from "../terminal/time";
import { type KeptKey, type KeyStore, keyStore, replacementTimes, type StoreName } from "./key-store";
import { type Asking, keyOwner, type Own, withOwnKeys } from "./own-keys";
import { assertCanWrite, profileKeys, writeProfileKey } from "./profile-keys";

interface Rotating extends Asking {
  /** Where the new secret is to lie; where the old one does, by default. */
  readonly keepIn: StoreName | undefined;
  /** A second key that nobody has the secret of. */
  readonly discard: string | undefined;
  readonly yes: boolean;
}

/**
 * Gives a profile a new access key: it is created, proven to work, written, and only then is the old one made inactive. The new
 * secret is kept before anything else happens, so that a run that is killed can be taken up where it was.
 *
 * @throws Failure where it could not be done to the end; run again, it goes on. The profile has a key that works all the time
 */
export async function rotate(profile: string, how: Rotating): Promise<void> {
  await withOwnKeys(profile, how, (own) => inTurn(profile, own, how));
}

async function inTurn(profile: string, own: Own, how: Rotating): Promise<void> {
  const { aws, user, key, file } = own;
  const keys = await accessKeys(aws, user);
  const begun = await begunRotation(own, keys);
  const written = begun?.next.id === key.id;
  const place = how.keepIn ?? (begun && !written ? begun.place : own.place);
  const store = await keyStore(place);
  const old = written ? (begun.next.replaces ?? key.id) : key.id;
  const unknown = keys.find(({ id }) => id !== key.id && id !== begun?.next.id && id !== old);
  if (unknown && unknown.id !== how.discard) throw secondKey(profile, own, keys, unknown);
  if (unknown) await assertNeverUsed(own, unknown);
  // Better found before AWS has made or changed anything.
  await assertKeeps(store);
  await assertCanWrite(profile, file, key, place);

  let next: KeptKey | undefined = begun?.next;
  const steps: Step[] = [
    ...(unknown
      ? [
          {
            what: `Delete ${unknown.id}, which was never used`,
            done: false,
            run: () => deleteAccessKey(aws, user, unknown.id),
          },
        ]
      : []),
    {
      what: `Create a new access key for ${user}`,
      done: next !== undefined,
      run: async () => {
        const made = { ...(await createAccessKey(aws, user)), replaces: old };
        await store.write(made).catch((error) => withdraw(profile, own, made.id, error));
        next = made;
      },
    },
    {
      what: `Write it to the profile ${profile}${place === "keyring" ? " (the secret to the keyring)" : ""} once AWS accepts it`,
      done: written && own.place === place,
      run: async () => {
        if (next === undefined) throw new Error("there is no new key to write");
        const made = next;
        await withNotice("Waiting for AWS to accept the new key", () => assertWorks(profile, made, own));
        if (begun && begun.place !== place) await store.write(made);
        // It is kept for the old key.
        await deleteSession(profile);
        await writeProfileKey(profile, file, made, place);
        await assertGiven(profile, made);
        // Until here this computer itself used the old one.
        const until = new Date(aws.clock.now() + CLOCK_DOUBT_MS);
        if (!written) await (await replacementTimes()).write(old, until);
      },
    },
    {
      what: `Make ${old} inactive${alsoIn(own.othersWith(old))}`,
      done: written && keys.every(({ id, active }) => id !== old || !active),
      run: () => deactivateKey(aws, user, old),
    },
  ];
  await carryOut({ aim: `Replace the access key of ${user} in the profile ${profile}`, steps }, how.yes);
  if (next !== undefined) await settle(next, place, own, begun);
  process.stdout.write(
    `${old} is inactive: it no longer works on any computer. If something still needs it, activate it again:\n` +
      `  aws iam update-access-key --user-name ${user} --access-key-id ${old} --status Active\n` +
      `If nothing has failed after a few days, delete it: aws-mfa keys delete-old${of(profile)}\n`,
  );
}

const of = (profile: string) => (profile === "default" ? "" : ` --profile ${profile}`);

interface Begun {
  /** The profile's key already, or the one that it is to get. */
  readonly next: KeptKey;
  readonly place: StoreName;
}

/** What an earlier run kept on this computer of a rotation that it did not finish. */
async function begunRotation(
  { key, place: own }: Own,
  keys: readonly AccessKey[],
): Promise<Begun | undefined> {
  // A keyring is asked only where it may have something: it may not be there.
  const mayHave = keys.length > 1 || own === "keyring";
  for (const place of mayHave ? (["file", "keyring"] as const) : (["file"] as const)) {
    const store = await keyStore(place);
    for (const { id } of keys) {
      const next = await store.read(id).catch((error) => {
        if (own === "keyring") throw error;
        return undefined;
      });
      const isBegun = next?.replaces && (id === key.id || next.replaces === key.id);
      if (next && isBegun) return { next, place };
    }
  }
  return undefined;
}

function alsoIn(others: readonly string[]): string {
  return others.length === 0 ? "" : ` (also the key of ${others.join(", ")})`;
}

async function assertKeeps(store: KeyStore): Promise<void> {
  await store.write({ id: "trial", secret: "trial" });
  await store.forget("trial");
}

/** A key whose secret could not be kept is of no use to anybody. Throws the `error`, or says what is left. */
async function withdraw(profile: string, { aws, user }: Own, id: string, error: unknown): Promise<never> {
  await deleteAccessKey(aws, user, id).catch(() => {
    throw new Failure(
      "failed",
      `${id} was created, but its secret could not be kept: ${error instanceof Failure ? error.problem : reasonOf(error)}`,
      `Nobody has its secret. Discard it: aws-mfa keys rotate${of(profile)} --discard ${id}`,
    );
  });
  throw error;
}

/** AWS tells its time to the second, and its answers take a while. */
const CLOCK_DOUBT_MS = 5_000;

/** AWS may know a new key only after some seconds. A minute in all. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency */
async function assertWorks(profile: string, next: SecretKey, { account, user }: Own): Promise<void> {
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

/** Better found while the old key works. */
async function assertGiven(profile: string, { id, secret }: SecretKey): Promise<void> {
  const { key } = await profileKeys(profile);
  if (key.id === id && key.secret === secret) return;
  throw new Failure(
    "file",
    `The profile ${profile} has the wrong access key: expected ${id}, got ${key.id}.`,
    "Check which other program writes to it.",
  );
}

/** From now on the key is where the profile says, and nowhere else. */
async function settle(
  { id, secret }: KeptKey,
  place: StoreName,
  own: Own,
  begun: Begun | undefined,
): Promise<void> {
  const inKeyring = await keyStore("keyring");
  if (place === "keyring") await inKeyring.write({ id, secret });
  else if (begun) {
    // An earlier run may have left it there too. It may also be a computer without a keyring.
    await inKeyring.forget(id).catch((error) => {
      if (begun.place === "keyring" || own.place === "keyring") throw error;
    });
  }
  await (await keyStore("file")).forget(id);
}

async function assertNeverUsed({ aws, user }: Own, key: AccessKey): Promise<void> {
  const use = await lastUseOf(aws, key);
  if (use === undefined) return;
  throw new Failure(
    "failed",
    `${key.id} was used for ${use.service} on ${localTime(use.at)}, so somebody has its secret.`,
    `Nothing was changed. Find out who, then make it inactive: ${statusCommand(user, key.id)}`,
  );
}

const statusCommand = (user: string, id: string) =>
  `aws iam update-access-key --user-name ${user} --access-key-id ${id} --status Inactive`;

function secondKey(
  profile: string,
  { user, key }: Own,
  keys: readonly AccessKey[],
  second: AccessKey,
): Failure {
  const own = keys.find(({ id }) => id === key.id);
  const remedy =
    !second.active && own && second.madeAt < own.madeAt
      ? `It is inactive, and older. Delete it first: aws-mfa keys delete-old${of(profile)}`
      : "If it is in use on another computer, rotate it there. If not, make it inactive, and delete it once nothing has failed without it: " +
        `${statusCommand(user, second.id)}\n` +
        "If an earlier run was killed while AWS created this key, nobody has its secret. Discard it: " +
        `aws-mfa keys rotate${of(profile)} --discard ${second.id}`;
  return new Failure(
    "failed",
    `${user} has a second access key, ${second.id}, created on ${localTime(second.madeAt)}. AWS allows two, so there is no room for a new one.`,
    `${remedy}\nNothing was changed.`,
  );
}
