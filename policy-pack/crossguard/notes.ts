import type { Subject } from "../evaluation/assessment";

/** Something to say of a subject that rejects nothing. */
export interface Note {
  readonly subject: Subject;
  readonly text: string;
}

/**
 * What the rules noted, until the stack's own turn comes. A mandatory policy has no way to say a thing without
 * rejecting something, so one advisory policy says it for all of them. Judging a resource again replaces its notes.
 */
export class Notes {
  private readonly byRule = new Map<string, Map<string, readonly Note[]>>();

  /** Keeps what a rule noted on one resource, or, with an empty URN, on a whole stack. */
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

/** The resource that the engine knows: for one inside a template, that which holds the template. */
export function reportedOn({ urn, declaredBy }: Subject): string {
  return declaredBy ?? urn;
}
