/** A cache of values that are read asynchronously. Failed reads are not cached. */
export class Kept<T> {
  readonly #values = new Map<string, Promise<T>>();

  of(key: string, read: () => Promise<T>): Promise<T> {
    const value = this.#values.get(key) ?? read();
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    return value;
  }

  forget(): void {
    this.#values.clear();
  }
}
