import type { Finding, Place, Report, Standing } from "../report";
import { dangerCell } from "./danger";
import { block, code, plain } from "./markdown-text";
import { notLookedAtText } from "./not-looked-at";
import { byDanger, type Placed, passedIn, placed, STANDINGS, totals, worstFirst } from "./order";
import { messageOf } from "./request";
import { riskText, usageCell } from "./usage";
import { counted, countedByKind, numeral, passedText, STANDING, unusedText } from "./words";

/**
 * The report for the summary of a CI job or a comment: the totals, what could not be read, and what is open or undecided, the most
 * dangerous first, each with its details folded. GitHub accepts at most 1 MiB, so a longer one is cut and says how much is missing.
 * Names are escaped, so that they cannot add markup.
 */
export function markdown(report: Report): string {
  const pressing = byDanger(report).filter(
    ({ subject }) =>
      subject.findings.length > 0 || ["open", "anyone-with-mfa", "unknown"].includes(subject.standing),
  );
  const unseen = notLookedAtText(report);
  const head = [
    "## Can anyone get in without MFA?",
    answer(report),
    ...(unseen === undefined ? [] : [`**${unseen}**`]),
    placesTable(report.places),
    ...report.places.flatMap(({ kind, name, trouble }) =>
      trouble === undefined
        ? []
        : [
            `> ⚠️ Not all of ${kind} ${code(name)} was read: ${plain(trouble.problem)} ${plain(trouble.remedy)}`,
          ],
    ),
    ...report.places.flatMap(({ kind, name, notes = [] }) =>
      notes.map((note) => `> ${kind} ${code(name)}: ${plain(note)}`),
    ),
    ...unusedText(report).map((each) => `> ${plain(each)}`),
  ];
  const { rows, details } = within(LIMIT - Buffer.byteLength(head.join("\n\n")), pressing);
  const left = pressing.length - rows.length;
  const omitted =
    left === 0
      ? []
      : [
          `**${left} more ${left === 1 ? "is" : "are"} omitted here.** \`--format json\` and \`--html\` have all.`,
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

/** As many rows, each with its details, as there is room for, in bytes. */
function within(room: number, pressing: readonly Placed[]) {
  const rows: string[] = [];
  const details: string[] = [];
  let used = 0;
  for (const each of pressing) {
    const row = rowOf(each);
    const detail = detailsOf(each);
    used += Buffer.byteLength(row) + Buffer.byteLength(detail) + 3;
    if (used > room) break;
    rows.push(row);
    details.push(detail);
  }
  return { rows, details };
}

function answer(report: Report): string {
  const subjects = placed(report).map(({ subject }) => subject);
  const { open, unknown, exempt, "anyone-with-mfa": anyone } = totals(subjects);
  const passed = report.places.flatMap(passedIn);
  const unnamed = report.places.some((place) => place.passed === "unnamed");
  const all = [...subjects, ...passed];
  const isWhole = report.places.every(({ trouble }) => trouble === undefined);
  const looked = `${countedByKind(all)} in ${counted(report.places.length, "place")}`;
  if (subjects.length === 0 && isWhole && (unnamed || passed.length > 0)) {
    return `**${passedText(unnamed ? "unnamed" : passed)}.**`;
  }
  if (all.length === 0) return "**Nothing was found that could be evaluated.**";
  if (open > 0)
    return `**Yes: ${unnamed ? numeral(open) : `${numeral(open)} of ${numeral(all.length)}`} ${open === 1 ? "is" : "are"} bypassable**, of ${looked}.`;
  if (anyone > 0)
    return `**Not without MFA, but anyone in the world gets into ${numeral(anyone)} with MFA**, of ${looked}.`;
  if (unknown > 0 || !isWhole)
    return `**Nothing was found bypassable, but not everything could be decided**, of ${looked}.`;
  if (exempt > 0)
    return `**No, but ${numeral(exempt)} ${exempt === 1 ? "is" : "are"} exempt**, of ${looked}.`;
  return `**No**, none of ${looked}.`;
}

function placesTable(places: readonly Place[]): string {
  const hasPassed = places.some((place) => passedIn(place).length > 0);
  const lines = places.map((place) => {
    const count = totals(place.subjects);
    const counts = STANDINGS.map((standing) => count[standing]);
    return rowText([
      `${place.kind} ${code(place.name)}`,
      ...counts,
      ...(hasPassed ? [passedIn(place).length] : []),
    ]);
  });
  const heads = [...STANDINGS.map((standing) => STANDING[standing]), ...(hasPassed ? ["passed"] : [])];
  const rule = `| --- |${" ---: |".repeat(heads.length)}`;
  return [rowText(["place", ...heads]), rule, ...lines].join("\n");
}

function rowText(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function rowOf({ place, subject }: Placed): string {
  const policies = [...new Set(worstFirst(subject).map((each) => code(each.policy) + stateText(each)))];
  return rowText([
    `${MARK[subject.standing]} ${STANDING[subject.standing]}`,
    dangerCell(subject.danger),
    `${subject.kind} ${code(subject.name)}`,
    `${place.kind} ${code(place.name)}`,
    policies.join("<br>"),
    plain(usageCell(subject)),
    plain(subject.reason),
  ]);
}

function stateText({ state }: Finding): string {
  return state === "new" ? "" : ` (${state})`;
}

function detailsOf({ place, subject }: Placed): string {
  const title = `${subject.kind} ${code(subject.name)} in ${place.kind} ${code(place.name)}`;
  const findings = worstFirst(subject).flatMap((each) => [
    `${code(each.policy)}, ${each.level}, ${each.severity}${stateText(each)}`,
    block(messageOf(each)),
  ]);
  const notes = subject.notes.map((note) => `- ${plain(note)}`).join("\n");
  const body = [code(subject.id), ...findings, ...riskText(subject).map(plain), ...(notes ? [notes] : [])];
  return `<details><summary>${title}</summary>\n\n${body.join("\n\n")}\n\n</details>`;
}
