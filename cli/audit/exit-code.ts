import { verdictOfNote } from "aws-mfa-policy-pack/messages";
import { SEVERITIES } from "./render/order";
import { counted } from "./render/words";
import type { Finding, Place, Report, Subject } from "./report";

/** What fails the audit: a finding of this severity or a higher one, or of this level or a higher one. */
export const FAIL_ON = [...SEVERITIES, "mandatory", "advisory"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** The exit codes of `aws-mfa audit`, which other commands do not share. `docs/audit.md` lists them. */
export const EXIT_CODE = { nothingFound: 0, found: 1, notLooked: 2 } as const;

/** New findings take precedence over what could not be read. Nothing was found only if everything was read. */
export function exitCodeOf({ places }: Report, failOn: FailOn): number {
  const findings = places.flatMap(({ subjects }) => subjects.flatMap((each) => each.findings));
  if (findings.some((each) => each.state === "new" && fails(each, failOn))) return EXIT_CODE.found;
  return places.every(isWhole) ? EXIT_CODE.nothingFound : EXIT_CODE.notLooked;
}

/** Everything that decides a standing in an account can be read from it, so that an unknown standing means that something was not. */
function isWhole({ kind, trouble, subjects }: Place): boolean {
  return trouble === undefined && (kind !== "account" || !subjects.some(isUndecided));
}

function isUndecided({ standing, kind }: Subject): boolean {
  return standing === "unknown" && kind !== "policy";
}

/**
 * A warning beside exit code 0, which alone would read as "nobody gets in": anyone in the world gets in with MFA, or a state or a file
 * leaves something undecided, such as a value that only a deployment knows. `undefined` if everything is decided.
 */
export function cautionOn({ places }: Report): string | undefined {
  const subjects = places.flatMap((place) => place.subjects);
  const anyone = subjects.filter(({ standing }) => standing === "anyone-with-mfa").length;
  const cautions = [
    ...(anyone === 0
      ? []
      : [
          `Anyone in the world can assume ${counted(anyone, "role")} with the MFA of an AWS account of their own. This does not fail the audit.`,
        ]),
    ...undecided(subjects.filter(isUndecided)),
  ];
  return cautions.length === 0 ? undefined : cautions.join("\n");
}

function undecided(unknown: readonly Subject[]): readonly string[] {
  if (unknown.length === 0) return [];
  const start = `${unknown.length} could not be decided, and ${unknown.length === 1 ? "does" : "do"} not fail`;
  // Others can only be decided elsewhere, such as a user whose credentials are created elsewhere.
  const canFail = unknown.some(({ notes }) => notes.some((note) => verdictOfNote(note) === "unknown"));
  return [
    canFail
      ? `${start}: to make them fail, set "unknown" to "reject" for the policy, in the file given with --exemptions.`
      : `${start}: what decides it is elsewhere, so audit the account too.`,
  ];
}

function fails({ level, severity }: Finding, failOn: FailOn): boolean {
  switch (failOn) {
    case "advisory":
      return true;
    case "mandatory":
      return level === "mandatory";
    default:
      return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
  }
}
