import type { Subject } from "../evaluation/assessment";

/** A message about a subject that rejects nothing. */
export interface Note {
  readonly subject: Subject;
  readonly text: string;
}

/**
 * Collects the notes of the rules until the stack is analyzed. A mandatory policy cannot report anything without rejecting, so
 * one advisory policy reports the notes of all. Analyzing a resource again replaces its notes.
 */
export class Notes {
  private readonly byRule = new Map<string, Map<string, readonly Note[]>>();

  /** Replaces the notes of a rule on one resource or, with an empty URN, on the whole stack. */
  keep(rule: string, urn: string, notes: readonly Note[]): void {
    const kept = this.byRule.get(rule) ?? new Map<string, readonly Note[]>();
    this.byRule.set(rule, kept);
    if (notes.length === 0) kept.delete(urn);
    else kept.set(urn, notes);
  }

  /** The notes on these resources, in the order of their URNs. */
  about(urns: ReadonlySet<string>): readonly (Note & { readonly rule: string })[] {
    return [...this.byRule]
      .flatMap(([rule, kept]) => [...kept.values()].flat().map((note) => ({ ...note, rule })))
      .filter(({ subject }) => urns.has(reportedOn(subject)))
      .map((note) => ({ note, order: `${note.subject.urn}\n${note.rule}\n${note.text}` }))
      .sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)))
      .map(({ note }) => note);
  }
}

/** The resource that the engine knows: for one in a template, the one that contains the template. */
export function reportedOn({ urn, declaredBy }: Subject): string {
  return declaredBy ?? urn;
}
