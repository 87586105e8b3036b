import type { Finding, Place, Report, Standing, Subject } from "../report";
import { dangerCell, dangerInWords } from "./danger";
import { block, code, plain } from "./markdown-text";
import { notLookedAtInWords } from "./not-looked-at";
import { byDanger, type Placed, passedIn, placed, STANDINGS, totals, worstFirst } from "./order";
import { requestInWords } from "./request";
import { usageCell, usageInWords } from "./usage";
import { countedByKind, passedInWords, STANDING, unusedInWords } from "./words";

/**
 * The report for the summary of a CI job or a comment: totals, what could not be read, and what is open or not decided, the
 * most dangerous first, each with its details folded. GitHub takes at most 1 MiB, so a longer one ends before that and says
 * how much it leaves out. Names cannot bring in marks of their own.
 */
export function markdown(report: Report): string {
  const pressing = byDanger(report).filter(
    ({ subject }) =>
      subject.findings.length > 0 || ["open", "anyone-with-mfa", "unknown"].includes(subject.standing),
  );
  const unseen = notLookedAtInWords(report);
  const head = [
    "## Can anyone get in without MFA?",
    answer(report),
    ...(unseen === undefined ? [] : [`**${unseen}**`]),
    placesTable(report.places),
    ...report.places.flatMap(troubleOf),
    ...report.places.flatMap(noticesOf),
    ...unusedInWords(report).map((each) => `> ${plain(each)}`),
  ];
  const { rows, details } = within(LIMIT - bytes(head.join("\n\n")), pressing);
  const left = pressing.length - rows.length;
  const omitted =
    left === 0
      ? []
      : [
          `**${left} more ${left === 1 ? "is" : "are"} left out here.** \`--format json\` and \`--html\` have all.`,
        ];
  const table = rows.length === 0 ? [] : [`${TABLE_HEAD}\n${rows.join("\n")}`];
  return `${[...head, ...table, ...omitted, ...details].join("\n\n")}\n`;
}

const LIMIT = 900_000;
const TABLE_HEAD =
  "| standing | danger | who | where | policy | last used | why |\n| --- | --- | --- | --- | --- | --- | --- |";
const MARK: Readonly<Record<Standing, string>> = {
  open: "🔴",
  "anyone-with-mfa": "🟠",
  unknown: "🟡",
  exempt: "⚪",
  protected: "🟢",
};

/** As many rows, each with its details, as there is room for. */
function within(room: number, pressing: readonly Placed[]) {
  const rows: string[] = [];
  const details: string[] = [];
  let used = 0;
  for (const each of pressing) {
    const row = rowOf(each);
    const detail = detailsOf(each);
    used += bytes(row) + bytes(detail) + 3;
    if (used > room) break;
    rows.push(row);
    details.push(detail);
  }
  return { rows, details };
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function answer(report: Report): string {
  const subjects = placed(report).map(({ subject }) => subject);
  const { open, unknown, exempt, "anyone-with-mfa": anyone } = totals(subjects);
  const passed = report.places.flatMap(passedIn);
  const unnamed = report.places.some((place) => place.passed === "unnamed");
  const all = [...subjects, ...passed];
  const whole = report.places.every(({ trouble }) => trouble === undefined);
  const looked = `${countedByKind(all).join(", ")} in ${count(report.places.length, "place")}`;
  if (subjects.length === 0 && whole && (unnamed || passed.length > 0)) {
    return `**${passedInWords(unnamed ? "unnamed" : passed)}.**`;
  }
  if (all.length === 0) return "**Nothing was found that could be judged.**";
  if (open > 0)
    return `**Yes: ${unnamed ? open : `${open} of ${all.length}`} ${open === 1 ? "is" : "are"} bypassable**, of ${looked}.`;
  if (anyone > 0)
    return `**Not without MFA, but anyone in the world gets into ${anyone} with MFA**, of ${looked}.`;
  if (unknown > 0 || !whole)
    return `**Nothing was found bypassable, but not everything could be decided**, of ${looked}.`;
  if (exempt > 0) return `**No, but ${exempt} ${exempt === 1 ? "is" : "are"} exempt**, of ${looked}.`;
  return `**No**, none of ${looked}.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function placesTable(places: readonly Place[]): string {
  const passed = places.some((place) => passedIn(place).length > 0);
  const lines = places.map((place) => {
    const count = totals(place.subjects);
    const counts = [
      ...STANDINGS.map((standing) => count[standing]),
      ...(passed ? [passedIn(place).length] : []),
    ];
    return `| ${place.kind} ${code(place.name)} | ${counts.join(" | ")} |`;
  });
  const heads = [...STANDINGS.map((standing) => STANDING[standing]), ...(passed ? ["passed"] : [])];
  const rule = `| --- |${" ---: |".repeat(heads.length)}`;
  return [`| place | ${heads.join(" | ")} |`, rule, ...lines].join("\n");
}

function troubleOf({ kind, name, trouble }: Place): string[] {
  if (trouble === undefined) return [];
  return [
    `> ⚠️ Not all of ${kind} ${code(name)} was read: ${plain(trouble.problem)} ${plain(trouble.remedy)}`,
  ];
}

function noticesOf({ kind, name, notes = [] }: Place): string[] {
  return notes.map((note) => `> ${kind} ${code(name)}: ${plain(note)}`);
}

function rowOf({ place, subject }: Placed): string {
  const policies = [...new Set(worstFirst(subject).map((each) => code(each.policy) + stateOf(each)))];
  const cells = [
    `${MARK[subject.standing]} ${STANDING[subject.standing]}`,
    dangerCell(subject.danger),
    `${subject.kind} ${code(subject.name)}`,
    `${place.kind} ${code(place.name)}`,
    policies.join("<br>"),
    plain(usageCell(subject)),
    plain(subject.reason),
  ];
  return `| ${cells.join(" | ")} |`;
}

function stateOf({ state }: Finding): string {
  return state === "new" ? "" : ` (${state})`;
}

function detailsOf({ place, subject }: Placed): string {
  const title = `${subject.kind} ${code(subject.name)} in ${place.kind} ${code(place.name)}`;
  const findings = worstFirst(subject).flatMap((each) => [
    `${code(each.policy)}, ${each.level}, ${each.severity}${stateOf(each)}`,
    block(messageOf(each)),
  ]);
  const body = [
    code(subject.id),
    ...findings,
    ...[...dangerInWords(subject), ...usageInWords(subject)].map(plain),
    ...notesOf(subject),
  ];
  return `<details><summary>${title}</summary>\n\n${body.join("\n\n")}\n\n</details>`;
}

function messageOf({ message, witnesses }: Finding): string {
  return [message, ...witnesses.map((each) => `  Request: ${requestInWords(each)}.`)].join("\n");
}

function notesOf({ notes }: Subject): string[] {
  return notes.length === 0 ? [] : [notes.map((note) => `- ${plain(note)}`).join("\n")];
}
