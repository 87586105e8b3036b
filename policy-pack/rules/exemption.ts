import { anchoredPatterns } from "../iam/encode/pattern-list";
import { matches } from "../iam/solver/pattern";
import type { Finding, Findings } from "./finding";

/** One resource, or several, that a rule leaves alone. All the patterns that are given must match, from end to end. */
export interface Exemption {
  readonly name?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly reason: string;
  /** A day (`2030-01-31`, to its end in UTC) or a moment (`2030-01-31T12:00:00Z`). */
  readonly expires?: string;
}

/** A violation, and the exemption that covers it. */
export interface Exempted {
  readonly violation: Finding;
  readonly exemption: Exemption;
}

/** Moves the violations that an exemption covers to the notes. One that has expired covers nothing any more, and says so. */
export function withExemptions(
  { violations, notes }: Findings,
  exemptions: readonly Exemption[],
  now: Date,
): Findings {
  const { kept, exempt } = sortByExemption(violations, exemptions, now);
  const used = exempt.map(({ violation: { resource }, exemption }) => ({
    resource,
    message: inWords(exemption),
  }));
  return { violations: kept, notes: [...notes, ...used] };
}

/** Tells the violations that an exemption covers from those that stay. */
export function sortByExemption(
  violations: readonly Finding[],
  exemptions: readonly Exemption[],
  now: Date,
): { readonly kept: readonly Finding[]; readonly exempt: readonly Exempted[] } {
  if (exemptions.length === 0) return { kept: violations, exempt: [] };
  const kept: Finding[] = [];
  const exempt: Exempted[] = [];
  for (const violation of violations) {
    const covering = exemptions.filter((exemption) => covers(exemption, violation));
    const valid = covering.find(({ expires }) => expires === undefined || now.getTime() <= endOf(expires));
    const [expired] = covering;
    if (valid !== undefined) {
      exempt.push({ violation, exemption: valid });
    } else if (expired !== undefined) {
      const since = `The exemption "${expired.reason}" expired on ${expired.expires ?? ""}.`;
      kept.push({ ...violation, message: `${violation.message}\n${since}` });
    } else kept.push(violation);
  }
  return { kept, exempt };
}

/** What is noted of a violation that an exemption covers. */
export function inWords(exemption: Exemption): string {
  return `Exempt: ${exemption.reason}${until(exemption)}.`;
}

function until({ expires }: Exemption): string {
  return expires === undefined ? "" : ` (until ${expires})`;
}

function covers(exemption: Exemption, { resource }: Finding): boolean {
  const asked = (["name", "urn", "type"] as const).flatMap((key) => {
    const pattern = exemption[key];
    const value = key === "urn" ? (resource.declaredBy ?? resource.urn) : resource[key];
    return pattern === undefined ? [] : [{ pattern, value }];
  });
  return (
    asked.length > 0 &&
    asked.every(({ pattern, value }) => anchoredPatterns([pattern]).some((each) => matches(each, value)))
  );
}

/** Milliseconds since 1970; a day lasts to its end. */
function endOf(expires: string): number {
  return Date.parse(/^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T23:59:59.999Z` : expires);
}
