import { exactly, glob } from "./condition/template";
import type { TextSet } from "./solver/text";

const READING = { variables: false, ignoreCase: false };

/** The texts that a configuration means by a list of patterns with `*` and `?`, matched from end to end. */
export function anchoredPatterns(sources: readonly string[]): TextSet {
  return sources.flatMap((source) => glob(source, READING) ?? exactly(source, READING) ?? []);
}
