import { join } from "node:path";
import { z } from "zod";
import type { SecretKey } from "../aws/access-key";
import { Failure } from "../failure";
import { cacheFolder } from "../home";
import { fileStore } from "../session/file-store";
import { keyring } from "../session/keyring";
import type { SecretStore } from "../session/secret-store";

/** Where the secret of a profile's access key lies: in the file beside its id, or in the operating system's keyring. */
export const STORE_NAMES = ["file", "keyring"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

export interface KeptKey extends SecretKey {
  /** The key that this one takes the place of, until that is inactive. */
  readonly replaces?: string | undefined;
}

/** Keeps access keys by their id, out of others' sight. Throws Failure where it cannot. */
export interface KeyStore {
  read(id: string): Promise<KeptKey | undefined>;
  write(key: KeptKey): Promise<void>;
  forget(id: string): Promise<void>;
}

const text = z.string().min(1);
const record = z
  .object({ AccessKeyId: text, SecretAccessKey: text, Replaces: text.optional() })
  .transform((found) => ({
    id: found.AccessKeyId,
    secret: found.SecretAccessKey,
    replaces: found.Replaces,
  }));

/**
 * The keys of this computer. Those of `file` lie there only while a rotation is on its way: AWS tells a secret once, and the
 * profile gets it when it works.
 */
export async function keyStore(place: StoreName): Promise<KeyStore> {
  const store =
    place === "keyring" ? heard(keyring()) : fileStore(join(await cacheFolder(), "keys"), "access key");
  return {
    read: async (id) => record.safeParse(parsed(await store.read(nameOf(id)))).data,
    write: async ({ id, secret, replaces }) => {
      const kept = JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, Replaces: replaces });
      await store.write(nameOf(id), kept);
      // AWS never tells it again.
      if ((await store.read(nameOf(id))) !== kept) throw unheard();
    },
    forget: async (id) => {
      await store.forget(nameOf(id));
    },
  };
}

/**
 * When a key was replaced on this computer, by AWS's clock; kept beside the keys until it is deleted. Neither it nor the id is a secret.
 */
export async function replacementTimes() {
  const store = fileStore(join(await cacheFolder(), "keys"), "time of the rotation");
  const of = (id: string) => `replaced-${id}`;
  return {
    /** `undefined` where none is kept. */
    read: async (id: string) => timeIn.safeParse(parsed(await store.read(of(id)))).data,
    write: (id: string, at: Date) => store.write(of(id), JSON.stringify(at)),
    forget: (id: string) => store.forget(of(id)),
  };
}

const timeIn = z.iso.datetime().transform((text) => new Date(text));

const nameOf = (id: string) => `access-key-${id}`;

function parsed(found: string | undefined): unknown {
  try {
    return JSON.parse(found ?? "");
  } catch {
    return undefined;
  }
}

/** A keyring that fails is no place to fall back from: the secret is to lie nowhere else. */
function heard(store: SecretStore | undefined): SecretStore {
  const told = <T>(answer: Promise<T> | undefined): Promise<T> => {
    if (answer === undefined) throw unheard();
    return answer.catch(() => {
      throw unheard();
    });
  };
  return {
    read: async (name) => told(store?.read(name)),
    write: async (name, value) => told(store?.write(name, value)),
    forget: async (name) => told(store?.forget(name)),
  };
}

function unheard(): Failure {
  return new Failure(
    "failed",
    "The operating system's keyring cannot store or return the access key.",
    "Unlock it, and check that AWS_MFA_KEYRING is not off. To keep the key in the credentials file: --keep-in file",
  );
}
