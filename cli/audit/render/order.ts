import type { Finding, Passed, Place, Report, Standing, Subject } from "../report";

/** A subject with its place. */
export interface Placed {
  readonly place: Place;
  readonly subject: Subject;
}

/** The standings, the most dangerous first. */
export const STANDINGS = [
  "open",
  "anyone-with-mfa",
  "unknown",
  "exempt",
  "protected",
] as const satisfies readonly Standing[];

/** The severities, the worst first. */
export const SEVERITIES = [
  "critical",
  "high",
  "medium",
  "low",
] as const satisfies readonly Finding["severity"][];

const STATES = ["new", "known", "exempt"] as const satisfies readonly Finding["state"][];

export function placed(report: Report): Placed[] {
  return report.places.flatMap((place) => place.subjects.map((subject) => ({ place, subject })));
}

/** The named subjects that passed in a place. */
export function passedIn({ passed = [] }: Place): readonly Passed[] {
  return passed === "unnamed" ? [] : passed;
}

/** All subjects, the most dangerous first: by standing, danger, state and severity of the worst finding, and name. */
export function byDanger(report: Report): Placed[] {
  return sortedByDanger(placed(report), ({ subject }) => subject);
}

/** Items in the order of their subjects' danger. */
export function sortedByDanger<T>(items: readonly T[], subjectOf: (item: T) => Subject): T[] {
  return items
    .map((item) => ({ item, subject: subjectOf(item), rank: rankOf(subjectOf(item)) }))
    .sort((a, b) => a.rank - b.rank || compare(a.subject, b.subject))
    .map(({ item }) => item);
}

/** How many subjects have each standing. */
export function totals(subjects: readonly Pick<Subject, "standing">[]): Readonly<Record<Standing, number>> {
  const count = { open: 0, "anyone-with-mfa": 0, unknown: 0, exempt: 0, protected: 0 };
  for (const { standing } of subjects) count[standing] += 1;
  return count;
}

/** The findings of a subject, the worst first. */
export function worstFirst({ findings }: Subject): Finding[] {
  return [...findings].sort((a, b) => weight(a) - weight(b));
}

function rankOf(subject: Subject): number {
  const [worst] = worstFirst(subject);
  const byDanger = 100 - (subject.danger?.rank ?? 0);
  return (
    (STANDINGS.indexOf(subject.standing) * 101 + byDanger) * 100 + (worst === undefined ? 99 : weight(worst))
  );
}

function weight({ state, severity }: Finding): number {
  return STATES.indexOf(state) * 10 + SEVERITIES.indexOf(severity);
}

function compare(a: Subject, b: Subject): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
