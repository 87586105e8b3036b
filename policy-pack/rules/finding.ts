import type { Resource } from "../resources/resource";

/** Something that a rule says about one resource. */
export interface Finding {
  readonly resource: Pick<Resource, "urn" | "type" | "name" | "declaredBy">;
  readonly message: string;
}

/** What a rule found. */
export interface Findings {
  readonly violations: readonly Finding[];
  /** What does not reject anything but must not go unsaid: an exemption that was used, a value that is not known yet. */
  readonly notes: readonly Finding[];
}

export const NOTHING_FOUND: Findings = { violations: [], notes: [] };

export function joined(parts: readonly Findings[]): Findings {
  return {
    violations: parts.flatMap(({ violations }) => violations),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
