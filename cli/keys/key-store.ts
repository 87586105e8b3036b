import { join } from "node:path";
import { z } from "zod";
import type { SecretKey } from "../aws/access-key";
import { Failure } from "../failure";
import { cacheFolder } from "../home";
import { parseJson } from "../json";
import { fileStore } from "../session/file-store";
import { keyring } from "../session/keyring";
import type { SecretStore } from "../session/secret-store";

/** Where the secret of a profile's access key is: in the file beside its id, or in the operating system's keyring. */
export const STORE_NAMES = ["file", "keyring"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

export interface StoredKey extends SecretKey {
  /** The key that this one replaces, until that is inactive. */
  readonly replaces?: string | undefined;
}

/** Access keys by id. Throws Failure if it cannot store or return one. */
export interface KeyStore {
  read(id: string): Promise<StoredKey | undefined>;
  write(key: StoredKey): Promise<void>;
  forget(id: string): Promise<void>;
}

const text = z.string().min(1);
const record = z
  .object({ AccessKeyId: text, SecretAccessKey: text, Replaces: text.optional() })
  .transform(({ AccessKeyId: id, SecretAccessKey: secret, Replaces: replaces }) => ({
    id,
    secret,
    replaces,
  }));

/**
 * The keys of this computer. `file` has them only during a rotation: AWS shows a secret once, and the profile gets the key when it works.
 */
export async function keyStore(place: StoreName): Promise<KeyStore> {
  const store =
    place === "keyring" ? requiredKeyring() : fileStore(join(await cacheFolder(), "keys"), "access key");
  const nameOf = (id: string) => `access-key-${id}`;
  return {
    read: async (id) => record.safeParse(parseJson((await store.read(nameOf(id))) ?? "")).data,
    write: async ({ id, secret, replaces }) => {
      const stored = JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, Replaces: replaces });
      await store.write(nameOf(id), stored);
      // AWS does not show it again.
      if ((await store.read(nameOf(id))) !== stored) throw unusableKeyring();
    },
    forget: async (id) => {
      await store.forget(nameOf(id));
    },
  };
}

const time = z.iso.datetime().transform((text) => new Date(text));

/** When a key was replaced on this computer, by AWS's clock. Kept beside the keys until the key is deleted. It is no secret. */
export async function replacementTimes() {
  const store = fileStore(join(await cacheFolder(), "keys"), "time of the rotation");
  const nameOf = (id: string) => `replaced-${id}`;
  return {
    read: async (id: string) => time.safeParse(parseJson((await store.read(nameOf(id))) ?? "")).data,
    write: (id: string, at: Date) => store.write(nameOf(id), JSON.stringify(at)),
    forget: (id: string) => store.forget(nameOf(id)),
  };
}

/** The keyring without a fallback: the secret must not be stored anywhere else. */
function requiredKeyring(): SecretStore {
  const store = keyring();
  const run = async <T>(request: (store: SecretStore) => Promise<T>): Promise<T> => {
    if (store === undefined) throw unusableKeyring();
    return request(store).catch(() => {
      throw unusableKeyring();
    });
  };
  return {
    read: (name) => run((each) => each.read(name)),
    write: (name, value) => run((each) => each.write(name, value)),
    forget: (name) => run((each) => each.forget(name)),
  };
}

function unusableKeyring(): Failure {
  return new Failure(
    "failed",
    "The operating system's keyring cannot store or return the access key.",
    "Unlock it, and check that AWS_MFA_KEYRING is not off. To keep the key in the credentials file: --keep-in file",
  );
}
