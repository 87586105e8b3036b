import { escapeControls, style } from "../../terminal/escape-controls";
import { table } from "../../terminal/table";
import type { Finding, Place, Report, Setup, Subject } from "../report";
import { dangerCell } from "./danger";
import { notLookedAtText } from "./not-looked-at";
import { passedIn, placed, STANDINGS, totals, worstFirst } from "./order";
import { riskText, usageCell } from "./usage";
import { counted, passedText, placeText, STANDING, serviceAccessText, unusedText } from "./words";

const HEAD = ["MFA", "kind", "name", "danger", "set up", "last used", "why"];

export interface TableOptions {
  /** The width of the terminal; `undefined` to wrap nothing. */
  readonly columns: number | undefined;
  /** Whether to show protected subjects, too. */
  readonly all: boolean;
}

/** The report for a terminal: each place's subjects by danger, their findings with the fixes, and the totals. */
export function tableOf(report: Report, options: TableOptions): string {
  const blocks = report.places.flatMap((place) => blockOf(place, options));
  const unused = unusedText(report).map((each) => style.dim(escapeControls(each)));
  return `${[...blocks, ...(unused.length === 0 ? [] : [unused.join("\n")]), totalsOf(report)].join("\n\n")}\n`;
}

function blockOf(place: Place, { columns, all }: TableOptions): readonly string[] {
  const shown = place.subjects.filter(
    (each) => all || each.standing !== "protected" || each.findings.some(isActive),
  );
  const { trouble, notes = [] } = place;
  if (shown.length === 0 && trouble === undefined && place.kind === "file") return [];
  const lines = [style.bold(escapeControls(placeText(place)))];
  if (trouble !== undefined)
    lines.push(style.red(`${escapeControls(trouble.problem)}\n${escapeControls(trouble.remedy)}`));
  if (shown.length > 0) lines.push(table(HEAD, shown.map(rowOf), columns));
  else if (place.subjects.length > 0) lines.push("Nobody gets in without MFA.");
  if (place.passed === "unnamed" || passedIn(place).length > 0) {
    lines.push(`${passedText(place.passed ?? [])}${shown.length > 0 ? " there" : ""}.`);
  } else if (place.subjects.length === 0 && trouble === undefined)
    lines.push("Nothing was found there to evaluate.");
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
  return [
    mfaDevice ? [deviceKinds.join(" and "), "device"].filter(Boolean).join(" ") : "no device",
    ...(password === null ? [] : ["password"]),
    ...(active === 0 ? [] : [counted(active, "key")]),
    ...serviceAccessText(setup),
    ...(signingCertificates === 0 ? [] : [counted(signingCertificates, "signing certificate")]),
  ].join(", ");
}

function detailsOf(subject: Subject): readonly string[] {
  const { kind, name } = subject;
  const findings = worstFirst(subject).filter(isActive);
  return findings.map(({ policy, severity, level, state, message }, index) => {
    const known = state === "known" ? ", known" : "";
    const head = `${style.bold(`${kind} ${escapeControls(name)}`)}: ${policy} (${severity}, ${level}${known})`;
    const lines = [...message.split("\n"), ...(index === 0 ? riskText(subject) : [])];
    return [head, ...lines.map((line) => `  ${escapeControls(line)}`)].join("\n");
  });
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
  const unseen = notLookedAtText(report);
  return [
    `MFA of ${subjects.length}: ${counts.join(", ")}.`,
    ...devicesText(subjects),
    `Findings: ${findings.length}${states.length === 0 ? "" : ` (${states.join(", ")})`}.`,
    ...(unseen === undefined ? [] : [style.red(unseen)]),
  ].join("\n");
}

/** How many of the users who can sign in have an MFA device. */
function devicesText(subjects: readonly Subject[]): readonly string[] {
  const users = subjects.filter(
    ({ setup }) =>
      setup !== undefined && (setup.password !== null || setup.accessKeys.some(({ active }) => active)),
  );
  if (users.length === 0) return [];
  const without = users.filter(({ setup }) => setup?.mfaDevice === false);
  const administrators = without
    .filter(({ danger }) => danger?.can === "administrator")
    .map(({ name }) => escapeControls(name));
  return [
    `An MFA device is set up for ${users.length - without.length} of ${users.length} users with a password or an active access key.`,
    ...(administrators.length === 0
      ? []
      : [style.red(`Administrators without an MFA device: ${administrators.sort().join(", ")}.`)]),
  ];
}
