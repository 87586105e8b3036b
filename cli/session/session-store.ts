import type { SessionCredentials } from "../aws/session-credentials";
import { fileStore } from "./file-store";
import { keyring } from "./keyring";
import type { SecretStore } from "./secret-store";
import { fromJson, isUsable, toJson } from "./session";

/** The store of this computer: its keyring if there is one, else files in the folder. */
export function sessionStore(folder: string): SessionStore {
  return new SessionStore(keyring(), fileStore(folder));
}

/** Stores sessions in the keyring, or in files of mode 0600 if the keyring fails. */
export class SessionStore {
  constructor(
    private readonly keyring: SecretStore | undefined,
    private readonly files: SecretStore,
  ) {}

  /** The session under this name, unless it is about to expire. */
  async read(name: string): Promise<SessionCredentials | undefined> {
    // The file comes first: it exists only if the keyring failed, and waiting for the keyring again would delay every program
    // that needs credentials.
    for (const store of [this.files, this.keyring]) {
      const text = await store?.read(name).catch(() => undefined);
      const session = text === undefined ? undefined : fromJson(text);
      if (isUsable(session)) return session;
    }
    return undefined;
  }

  /** Throws Failure (`file`) if the file cannot be written either. */
  async write(name: string, session: SessionCredentials): Promise<void> {
    const text = toJson(session);
    const taken = await this.keyring?.write(name, text).then(
      () => true,
      () => false,
    );
    if (taken) await this.files.forget(name).catch(() => false);
    else await this.files.write(name, text);
  }

  /** Deletes it from both. Returns whether there was one. */
  async forget(name: string): Promise<boolean> {
    const inFile = await this.files.forget(name);
    // A session in a keyring that fails cannot be used either.
    const inKeyring = await this.keyring?.forget(name).catch(() => false);
    return inFile || inKeyring === true;
  }
}
