import type { IdentityKind } from "./terraform";

/** Another tool, in one version. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  /** Its checks that look at MFA in an IAM policy; none where it has none. */
  readonly checks: readonly Check[];
  /** What a reader has to know of its answers. */
  readonly note: string;
  /**
   * Makes the tool ready, in the cache, and asks it about each `FOLDER/PLACE/ID/main.tf`.
   *
   * @returns by check, the ids of the documents that it reports
   * @throws Unavailable where the tool cannot be had
   */
  ask(folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

export interface Check {
  /** The tool's own id. */
  readonly id: string;
  readonly title: string;
  readonly kind: IdentityKind;
}
