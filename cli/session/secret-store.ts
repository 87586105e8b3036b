/** Stores secrets by name, unreadable to other users. */
export interface SecretStore {
  /** `undefined` if there is none. */
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Returns whether there was one. */
  forget(name: string): Promise<boolean>;
}
