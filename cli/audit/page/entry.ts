import { byDanger } from "../render/order";
import { riskText } from "../render/usage";
import { placeText } from "../render/words";
import type { Place, Report, Standing, Subject } from "../report";

export interface Entry {
  readonly place: Place;
  readonly subject: Subject;
  /** What a search looks through, in lower case. */
  readonly text: string;
}

/** What the page shows. An empty set or text matches everything. */
export interface Filter {
  readonly standings: ReadonlySet<Standing>;
  readonly kind: string;
  /** The place's label. */
  readonly place: string;
  readonly policy: string;
  readonly text: string;
  /** Only subjects with a finding that the baseline does not have. */
  readonly isNew: boolean;
}

export const EVERYTHING: Filter = {
  standings: new Set(),
  kind: "",
  place: "",
  policy: "",
  text: "",
  isNew: false,
};

/** The value of a place in the filter. Places with the same label are filtered together. */
export function labelOf({ kind, name }: Place): string {
  return `${kind} ${name}`;
}

/** The name of a place beside a subject: an account by its alias. */
export function shortOf({ name, alias }: Place): string {
  return alias ?? name;
}

export function isOpen({ standing }: Subject): boolean {
  return standing === "open";
}

/** Whether it needs attention. */
export function isPressing({ standing, findings }: Subject): boolean {
  const isSettled = standing === "exempt" || standing === "protected";
  return !isSettled || findings.some(({ state }) => state !== "exempt");
}

/** Whether it has a finding that the baseline does not have. */
export function isNew({ findings }: Subject): boolean {
  return findings.some(({ state }) => state === "new");
}

/** All subjects, the most dangerous first. */
export function entriesOf(report: Report): Entry[] {
  return byDanger(report).map(({ place, subject }) => ({
    place,
    subject,
    text: [
      subject.name,
      subject.id,
      subject.reason,
      placeText(place),
      ...subject.findings.flatMap(({ policy, message }) => [policy, message]),
      ...riskText(subject),
      ...subject.notes,
      ...(subject.assumableBy ?? []).map(({ principal }) => principal),
    ]
      .join("\n")
      .toLowerCase(),
  }));
}

/** The entries that match. They must have every word of the text. */
export function passing(entries: readonly Entry[], filter: Filter): Entry[] {
  const { standings, kind, policy } = filter;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(
    ({ place, subject, text }) =>
      (standings.size === 0 || standings.has(subject.standing)) &&
      (kind === "" || subject.kind === kind) &&
      (filter.place === "" || labelOf(place) === filter.place) &&
      (policy === "" || subject.findings.some((each) => each.policy === policy)) &&
      (!filter.isNew || isNew(subject)) &&
      words.every((word) => text.includes(word)),
  );
}
