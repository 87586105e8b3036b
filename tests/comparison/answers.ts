import { GROUP_CORPUS, TRUST_CORPUS } from "../corpus/corpus";
import { type GroupEntry, isSafe, type TrustEntry } from "../corpus/entry";
import type { IdentityKind } from "./terraform";
import type { Check, Tool } from "./tool";

/** What one check says of the documents that it looks at. */
export interface Answers {
  readonly tool: Tool;
  readonly check: Check;
  /** Ids of the documents that it reports. */
  readonly reported: ReadonlySet<string>;
}

export interface Totals {
  /** Documents that let requests without MFA in. */
  readonly unsafe: {
    readonly reported: number;
    readonly passed: number;
    /** How many of those that it passes are unsafe by our definition alone. */
    readonly ours: number;
  };
  readonly safe: { readonly reported: number; readonly passed: number };
}

/**
 * Documents whose Denies and Allows do what they say, and that this project calls open all the same, since a group's guard has to
 * cover everything. Another definition may call them right.
 */
export const OPEN_BY_OUR_DEFINITION: ReadonlySet<string> = new Set([
  "group-stop-instances-with-mfa",
  "group-terminate-denied-without-mfa",
  "group-production-bucket",
  "group-dates-with-mfa",
]);

export function documentsOf(kind: IdentityKind): readonly (TrustEntry | GroupEntry)[] {
  return kind === "role" ? TRUST_CORPUS : GROUP_CORPUS;
}

export function totalsOf({ check, reported }: Answers): Totals {
  const entries = documentsOf(check.kind);
  const [safe, unsafe] = [true, false].map((wanted) => entries.filter((entry) => isSafe(entry) === wanted));
  const count = (of: typeof entries = []) => {
    const passed = of.filter(({ id }) => !reported.has(id));
    return { reported: of.length - passed.length, passed: passed.length, ours: passed.filter(isOurs).length };
  };
  return { safe: count(safe), unsafe: count(unsafe) };
}

function isOurs({ id }: { readonly id: string }): boolean {
  return OPEN_BY_OUR_DEFINITION.has(id);
}
