/** Keeps texts by name, out of others' sight. */
export interface SecretStore {
  /** `undefined` where there is none. */
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Whether there was one. */
  forget(name: string): Promise<boolean>;
}
