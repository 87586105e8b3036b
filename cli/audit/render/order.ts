import type { Finding, Passed, Place, Report, Standing, Subject } from "../report";

/** A subject and the place that it is in. */
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

export function placed(report: Report): Placed[] {
  return report.places.flatMap((place) => place.subjects.map((subject) => ({ place, subject })));
}

/** What passed in a place and is named. */
export function passedIn({ passed = [] }: Place): readonly Passed[] {
  return passed === "unnamed" ? [] : passed;
}

/** All subjects, the most dangerous first: by standing, then by danger, then by what is new and how severe it is, then by name. */
export function byDanger(report: Report): Placed[] {
  return sortedByDanger(placed(report), ({ subject }) => subject);
}

/** The same of anything that has a subject. */
export function sortedByDanger<T>(items: readonly T[], subjectOf: (item: T) => Subject): T[] {
  return items
    .map((item) => ({ item, subject: subjectOf(item), place: placeInOrder(subjectOf(item)) }))
    .sort((a, b) => a.place - b.place || compare(a.subject, b.subject))
    .map(({ item }) => item);
}

/** How many subjects stand how. */
export function totals(subjects: readonly Pick<Subject, "standing">[]): Readonly<Record<Standing, number>> {
  const count = { open: 0, "anyone-with-mfa": 0, unknown: 0, exempt: 0, protected: 0 };
  for (const { standing } of subjects) count[standing] += 1;
  return count;
}

/** The findings of a subject, the worst first. */
export function worstFirst({ findings }: Subject): Finding[] {
  return [...findings].sort((a, b) => weight(a) - weight(b));
}

function placeInOrder(subject: Subject): number {
  const [worst] = worstFirst(subject);
  const byDanger = 100 - (subject.danger?.rank ?? 0);
  return (
    (STANDINGS.indexOf(subject.standing) * 101 + byDanger) * 100 + (worst === undefined ? 99 : weight(worst))
  );
}

function weight({ state, severity }: Finding): number {
  return ["new", "known", "exempt"].indexOf(state) * 10 + SEVERITIES.indexOf(severity);
}

function compare(a: Subject, b: Subject): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
