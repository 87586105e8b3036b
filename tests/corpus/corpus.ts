import type { GroupEntry, TrustEntry } from "./entry";
import { DOCUMENTED_GROUP } from "./group-documented";
import { RIGHT_GROUP, UNSAFE_GROUP } from "./group-forms";
import { DOCUMENTED_TRUST } from "./trust-documented";
import { RIGHT_TRUST, UNSAFE_TRUST } from "./trust-forms";

const [AWS, UNSAFE, RIGHT] = ["AWS", "unsafe form", "odd but right"] as const;

/** Documents whose verdict is known, for the core and for other tools. */
export const TRUST_CORPUS: readonly TrustEntry[] = [
  ...DOCUMENTED_TRUST.map((each) => ({ ...each, from: AWS })),
  ...UNSAFE_TRUST.map((each) => ({ ...each, from: UNSAFE, verdict: "bypassable" as const })),
  ...RIGHT_TRUST.map((each) => ({ ...each, from: RIGHT, verdict: "protected" as const })),
];
export const GROUP_CORPUS: readonly GroupEntry[] = [
  ...DOCUMENTED_GROUP.map((each) => ({ ...each, from: AWS })),
  ...UNSAFE_GROUP.map((each) => ({ ...each, from: UNSAFE, verdict: "open" as const })),
  ...RIGHT_GROUP.map((each) => ({ ...each, from: RIGHT, verdict: "guarded" as const })),
];
