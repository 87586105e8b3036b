/**
 * Something that the local runs need is not to be had, or has gone away. The message says what was found and where;
 * the remedy, what to do about it.
 */
export class Unavailable extends Error {
  override readonly name = "Unavailable";

  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}\n${remedy}`);
  }
}

/** The text of whatever was thrown, for a sentence that names the cause. */
export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
