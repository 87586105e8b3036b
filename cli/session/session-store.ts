import { fileStore } from "./file-store";
import { keyring } from "./keyring";
import type { SecretStore } from "./secret-store";
import { fromJson, isUsable, type Session, toJson } from "./session";

/** The store of this computer: its keyring where there is one, and files in the folder. */
export function sessionStore(folder: string): SessionStore {
  return new SessionStore(keyring(), fileStore(folder));
}

/** Keeps sessions in the keyring where it takes them, else in a file of mode 0600. */
export class SessionStore {
  constructor(
    private readonly keyring: SecretStore | undefined,
    private readonly files: SecretStore,
  ) {}

  /** The session that is kept under the name and not nearly over. */
  async read(name: string): Promise<Session | undefined> {
    // The file comes first: it is there only where the keyring did not take the session, and waiting for that again
    // would hold up every program that wants credentials.
    for (const store of [this.files, this.keyring]) {
      const text = await store?.read(name).catch(() => undefined);
      const session = text === undefined ? undefined : fromJson(text);
      if (isUsable(session)) return session;
    }
    return undefined;
  }

  /** Throws Failure (`file`) where not even the file can be written. */
  async write(name: string, session: Session): Promise<void> {
    const text = toJson(session);
    const taken = await this.keyring?.write(name, text).then(
      () => true,
      () => false,
    );
    if (taken) await this.files.forget(name).catch(() => false);
    else await this.files.write(name, text);
  }

  /** Forgets it wherever it is kept. Gives whether there was one. */
  async forget(name: string): Promise<boolean> {
    const inFile = await this.files.forget(name);
    // A keyring that cannot be reached has none to use either.
    const inKeyring = await this.keyring?.forget(name).catch(() => false);
    return inFile || inKeyring === true;
  }
}
