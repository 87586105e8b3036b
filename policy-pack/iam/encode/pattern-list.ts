import type { StringSet } from "../solver/string-constraint";
import { glob } from "./policy-pattern";

const READING = { variables: false, ignoreCase: false };

/** The texts that a configuration means by a list of patterns with `*` and `?`, matched from end to end. */
export function anchoredPatterns(sources: readonly string[]): StringSet {
  return sources.flatMap((source) => glob(source, READING) ?? []);
}
