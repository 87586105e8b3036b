import { fileStore } from "./file-store";
import { keyring } from "./keyring";
import { fromJson, type Session, toJson } from "./session";

/** Keeps texts by name, out of others' sight. */
export interface Vault {
  /** `undefined` where there is none. */
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Whether there was one. */
  forget(name: string): Promise<boolean>;
}

/** Where sessions are kept: the operating system's keyring where it takes them, else a file of mode 0600. */
export class SessionStore {
  readonly #vaults: readonly Vault[];

  constructor(folder: string) {
    const system = keyring();
    this.#vaults = system ? [system, fileStore(folder)] : [fileStore(folder)];
  }

  async read(name: string): Promise<Session | undefined> {
    for (const vault of this.#vaults) {
      // A keyring may be locked, or out of reach from this login: then the file may have it.
      const text = await vault.read(name).catch(() => undefined);
      const session = text === undefined ? undefined : fromJson(text);
      if (session) return session;
    }
    return undefined;
  }

  /** Throws Failure (`file`) where not even the file can be written. */
  async write(name: string, session: Session): Promise<void> {
    for (const [index, vault] of this.#vaults.entries()) {
      try {
        return await vault.write(name, toJson(session));
      } catch (error) {
        if (index === this.#vaults.length - 1) throw error;
      }
    }
  }

  /** Forgets it wherever it is kept. Gives whether there was one. */
  async forget(name: string): Promise<boolean> {
    const gone = await Promise.all(this.#vaults.map((vault) => vault.forget(name).catch(() => false)));
    return gone.includes(true);
  }
}
