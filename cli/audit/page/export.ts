import { dangerCell } from "../render/danger";
import { inJson } from "../render/not-looked-at";
import { worstFirst } from "../render/order";
import { usageCell } from "../render/usage";
import { placeText, STANDING } from "../render/words";
import type { Report } from "../report";
import { type Entry, isNew } from "./entry";
import { parted } from "./fix";

/** The report with only these subjects, as `--format json` prints it. */
export function jsonOf(report: Report, entries: readonly Entry[]): string {
  const kept = new Set(entries.map(({ subject }) => subject));
  const places = report.places.map((place) => ({
    ...place,
    subjects: place.subjects.filter((each) => kept.has(each)),
  }));
  return `${JSON.stringify({ ...inJson(report), places }, undefined, 2)}\n`;
}

const COLUMNS: Readonly<Record<string, (entry: Entry) => string>> = {
  MFA: ({ subject }) => STANDING[subject.standing],
  danger: ({ subject }) => dangerCell(subject.danger),
  kind: ({ subject }) => subject.kind,
  name: ({ subject }) => subject.name,
  place: ({ place }) => placeText(place),
  id: ({ subject }) => subject.id,
  why: ({ subject }) => subject.reason,
  severity: ({ subject }) => worstFirst(subject)[0]?.severity ?? "",
  policies: ({ subject }) =>
    worstFirst(subject)
      .map(({ policy }) => policy)
      .join("\n"),
  fix: ({ subject }) =>
    worstFirst(subject)
      .map(({ message }) => parted(message).fix)
      .filter(Boolean)
      .join("\n"),
  new: ({ subject }) => (isNew(subject) ? "yes" : "no"),
  "last used": ({ subject }) => usageCell(subject),
};

/** The subjects as a table, a row for each. Source: RFC 4180. */
export function csvOf(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => Object.values(COLUMNS).map((column) => column(entry)));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** An apostrophe before a name that a spreadsheet would run as a formula makes it text. Source: OWASP, "CSV Injection". */
function cell(text: string): string {
  const harmless = /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
