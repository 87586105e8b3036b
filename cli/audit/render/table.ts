import { escapeControls, style } from "../../terminal/escape-controls";
import { table } from "../../terminal/table";
import type { Finding, Place, Report, Setup, Subject } from "../report";
import { dangerCell, dangerInWords } from "./danger";
import { notLookedAtInWords } from "./not-looked-at";
import { passedIn, placed, STANDINGS, totals, worstFirst } from "./order";
import { usageCell, usageInWords } from "./usage";
import { passedInWords, placeInWords, STANDING, serviceAccessInWords, unusedInWords } from "./words";

const HEAD = ["MFA", "kind", "name", "danger", "set up", "last used", "why"];

export interface TableOptions {
  /** How wide the terminal is; `undefined` where nothing is to be wrapped. */
  readonly columns: number | undefined;
  /** Shows those too that nobody gets into without MFA. */
  readonly all: boolean;
}

/** The report for people: each place's subjects by danger, what was found with its fix, and the totals. */
export function tableOf(report: Report, options: TableOptions): string {
  const blocks = report.places.flatMap((place) => blockOf(place, options));
  const unused = unusedInWords(report).map((each) => style.dim(escapeControls(each)));
  return `${[...blocks, ...(unused.length === 0 ? [] : [unused.join("\n")]), totalsOf(report)].join("\n\n")}\n`;
}

function blockOf(place: Place, { columns, all }: TableOptions): readonly string[] {
  const shown = place.subjects.filter(
    (each) => all || each.standing !== "protected" || each.findings.some(isActive),
  );
  const { trouble, notes = [] } = place;
  if (shown.length === 0 && trouble === undefined && place.kind === "file") return [];
  const lines = [style.bold(escapeControls(placeInWords(place)))];
  if (trouble !== undefined)
    lines.push(style.red(`${escapeControls(trouble.problem)}\n${escapeControls(trouble.remedy)}`));
  if (shown.length > 0) lines.push(table(HEAD, shown.map(rowOf), columns));
  else if (place.subjects.length > 0) lines.push("Nobody gets in without MFA.");
  if (place.passed === "unnamed" || passedIn(place).length > 0) {
    lines.push(`${passedInWords(place.passed ?? [])}${shown.length > 0 ? " there" : ""}.`);
  } else if (place.subjects.length === 0 && trouble === undefined)
    lines.push("Nothing was found there to judge.");
  for (const note of notes) lines.push(style.dim(escapeControls(note)));
  return [lines.join("\n"), ...shown.flatMap(detailsOf)];
}

function rowOf(subject: Subject): readonly string[] {
  const { standing, danger, kind, name, setup, reason } = subject;
  return [
    STANDING[standing],
    kind,
    escapeControls(name),
    dangerCell(danger),
    setup === undefined ? "" : setupCell(setup),
    usageCell(subject),
    escapeControls(reason),
  ];
}

function setupCell(setup: Setup): string {
  const { mfaDevice, deviceKinds = [], password, accessKeys, signingCertificates = 0 } = setup;
  const active = accessKeys.filter((key) => key.active).length;
  const several = (count: number, what: string) =>
    count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];
  return [
    mfaDevice ? [deviceKinds.join(" and "), "device"].filter(Boolean).join(" ") : "no device",
    ...(password === null ? [] : ["password"]),
    ...several(active, "key"),
    ...serviceAccessInWords(setup),
    ...several(signingCertificates, "signing certificate"),
  ].join(", ");
}

function detailsOf(subject: Subject): readonly string[] {
  const { kind, name } = subject;
  return worstFirst(subject)
    .filter(isActive)
    .map(
      ({ policy, severity, level, state, message }, index) =>
        `${style.bold(`${kind} ${escapeControls(name)}`)}: ${policy} (${severity}, ${level}${state === "known" ? ", known" : ""})\n` +
        [
          ...message.split("\n"),
          ...(index === 0 ? [...dangerInWords(subject), ...usageInWords(subject)] : []),
        ]
          .map((line) => `  ${escapeControls(line)}`)
          .join("\n"),
    );
}

function isActive({ state }: Finding): boolean {
  return state !== "exempt";
}

function totalsOf(report: Report): string {
  const subjects = placed(report).map(({ subject }) => subject);
  const count = totals(subjects);
  const counts = STANDINGS.map((standing) => `${count[standing]} ${STANDING[standing]}`);
  const findings = subjects.flatMap((each) => each.findings);
  const states = (["new", "known", "exempt"] as const).flatMap((state) => {
    const count = findings.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  const unseen = notLookedAtInWords(report);
  return [
    `MFA of ${subjects.length}: ${counts.join(", ")}.`,
    ...setUp(subjects),
    `Findings: ${findings.length}${states.length === 0 ? "" : ` (${states.join(", ")})`}.`,
    ...(unseen === undefined ? [] : [style.red(unseen)]),
  ].join("\n");
}

/** How many of those who can come in at all have a device to prove MFA with. */
function setUp(subjects: readonly Subject[]): readonly string[] {
  const able = subjects.filter(
    ({ setup }) =>
      setup !== undefined && (setup.password !== null || setup.accessKeys.some(({ active }) => active)),
  );
  if (able.length === 0) return [];
  const without = able.filter(({ setup }) => setup?.mfaDevice === false);
  const administrators = without
    .filter(({ danger }) => danger?.can === "administrator")
    .map(({ name }) => escapeControls(name));
  return [
    `An MFA device is set up for ${able.length - without.length} of ${able.length} users with a password or an active access key.`,
    ...(administrators.length === 0
      ? []
      : [style.red(`Administrators without an MFA device: ${administrators.sort().join(", ")}.`)]),
  ];
}
