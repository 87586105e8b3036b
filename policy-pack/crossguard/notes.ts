import type { Finding } from "../rules/finding";

/**
 * What the rules noted, until the stack's own turn comes. A mandatory policy has no way to say a thing without
 * rejecting something, so one advisory policy says it for all of them. Judging a resource again replaces its notes.
 */
export class Notes {
  private readonly byRule = new Map<string, Map<string, readonly Finding[]>>();

  /** Keeps what a rule noted on one resource, or, with an empty URN, on a whole stack. */
  keep(rule: string, urn: string, notes: readonly Finding[]): void {
    const kept = this.byRule.get(rule) ?? new Map<string, readonly Finding[]>();
    this.byRule.set(rule, kept);
    if (notes.length === 0) kept.delete(urn);
    else kept.set(urn, notes);
  }

  /** The notes on these resources, in the order of their URNs. */
  about(urns: ReadonlySet<string>): readonly { readonly rule: string; readonly finding: Finding }[] {
    return [...this.byRule]
      .flatMap(([rule, kept]) => [...kept.values()].flat().map((finding) => ({ rule, finding })))
      .filter(({ finding }) => urns.has(reportedOn(finding)))
      .sort((a, b) => compare(orderOf(a), orderOf(b)));
  }
}

/** The resource that the engine knows: for one inside a template, that which holds the template. */
export function reportedOn({ resource }: Finding): string {
  return resource.declaredBy ?? resource.urn;
}

function orderOf({ rule, finding }: { rule: string; finding: Finding }): string {
  return `${finding.resource.urn}\n${rule}\n${finding.message}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
