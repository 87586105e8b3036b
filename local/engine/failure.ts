/** An engine run that did not come out well: what the engine printed, as a person would have seen it. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";

  constructor(
    readonly operation: string,
    /** What the CLI printed, standard output and standard error together. */
    readonly printed: string,
  ) {
    super(`pulumi ${operation} failed:\n${printed.trim()}`);
  }
}
