/** A failed run of the engine, with its output. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";

  constructor(
    readonly operation: string,
    /** The CLI's standard output and standard error. */
    readonly printed: string,
  ) {
    super(`pulumi ${operation} failed:\n${printed.trim()}`);
  }
}
