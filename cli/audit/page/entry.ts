import { dangerInWords } from "../danger/words";
import { byDanger } from "../render/order";
import type { Place, Report, Standing, Subject } from "../report";
import { usageInWords } from "../usage/words";

/** A subject as the page lists it. */
export interface Entry {
  readonly place: Place;
  readonly subject: Subject;
  /** Where its place stands in the report: two places may have the same name. */
  readonly placeIndex: number;
  /** All that a search looks through, in lower case. */
  readonly text: string;
}

/** What the page shows. An empty set or text lets everything through. */
export interface Filter {
  readonly standings: ReadonlySet<Standing>;
  readonly kind: string;
  /** The place's index. */
  readonly place: string;
  readonly policy: string;
  readonly text: string;
}

export const EVERYTHING: Filter = { standings: new Set(), kind: "", place: "", policy: "", text: "" };

/** All subjects, the most dangerous first. */
export function entriesOf(report: Report): Entry[] {
  const indexes = new Map(report.places.map((place, index) => [place, index]));
  return byDanger(report).map(({ place, subject }) => ({
    place,
    subject,
    placeIndex: indexes.get(place) ?? 0,
    text: [
      subject.name,
      subject.id,
      subject.reason,
      place.name,
      ...subject.findings.flatMap(({ policy, message }) => [policy, message]),
      ...dangerInWords(subject),
      ...usageInWords(subject),
      ...subject.notes,
      ...(subject.assumableBy ?? []).map(({ principal }) => principal),
    ]
      .join("\n")
      .toLowerCase(),
  }));
}

/** The entries that pass. Each word of the text must be found somewhere. */
export function passing(entries: readonly Entry[], filter: Filter): Entry[] {
  const { standings, kind, place, policy } = filter;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(
    ({ subject, placeIndex, text }) =>
      (standings.size === 0 || standings.has(subject.standing)) &&
      (kind === "" || subject.kind === kind) &&
      (place === "" || String(placeIndex) === place) &&
      (policy === "" || subject.findings.some((each) => each.policy === policy)) &&
      words.every((word) => text.includes(word)),
  );
}
