/** A program or service that local runs require is missing or has stopped. The message says what was found, the remedy what to do. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";

  constructor(
    problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}\n${remedy}`);
  }
}

/** The message of a thrown value. */
export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
