import { verdictOfNote } from "aws-mfa-policy-pack/messages";
import { SEVERITIES } from "./render/order";
import type { Finding, Place, Report, Subject } from "./report";

/** From which finding on the audit fails: by how severe it is, or by the policy's level. */
export const FAIL_ON = [...SEVERITIES, "mandatory", "advisory"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** The exit codes of `aws-mfa audit`, which are its own. `docs/audit.md` lists them. */
export const EXIT_CODE = { nothingFound: 0, found: 1, notLooked: 2 } as const;

/**
 * What the audit ends with: what is new and severe enough comes first, then what could not be read. Nothing found is only
 * said where everything was read.
 */
export function exitCodeOf({ places }: Report, failOn: FailOn): number {
  const findings = places.flatMap(({ subjects }) => subjects.flatMap((each) => each.findings));
  if (findings.some((each) => each.state === "new" && counts(each, failOn))) return EXIT_CODE.found;
  return places.every(isWhole) ? EXIT_CODE.nothingFound : EXIT_CODE.notLooked;
}

/** An account tells all that decides how its roles, groups and users stand: what is unknown there was not read. */
function isWhole({ kind, trouble, subjects }: Place): boolean {
  if (trouble !== undefined) return false;
  return (
    kind !== "account" || !subjects.some((each) => each.standing === "unknown" && each.kind !== "policy")
  );
}

/**
 * What has to be said beside an exit code of 0, which alone would pass for a no: anyone in the world gets in with MFA, or states
 * and files leave something open, such as a value that only a deployment knows. `undefined` where all is decided.
 */
export function cautionOn({ places }: Report): string | undefined {
  const subjects = places.flatMap((place) => place.subjects);
  const anyone = subjects.filter(({ standing }) => standing === "anyone-with-mfa").length;
  const unknown = subjects.filter(({ standing, kind }) => standing === "unknown" && kind !== "policy");
  const cautions = [
    ...(anyone === 0
      ? []
      : [
          `Anyone in the world can assume ${anyone} ${anyone === 1 ? "role" : "roles"} with the MFA of an AWS account of their own. This does not fail the audit.`,
        ]),
    ...(unknown.length === 0 ? [] : [undecided(unknown)]),
  ];
  return cautions.length === 0 ? undefined : cautions.join("\n");
}

function undecided(unknown: readonly Subject[]): string {
  const said = `${unknown.length} could not be decided, and ${unknown.length === 1 ? "does" : "do"} not fail`;
  // The others are nobody's to decide here, such as a user whose credentials are made elsewhere.
  const canFail = unknown.some(({ notes }) => notes.some((note) => verdictOfNote(note) === "unknown"));
  return canFail
    ? `${said}: to make them fail, set "unknown" to "reject" for the policy, in the file given with --exemptions.`
    : `${said}: what decides it is elsewhere, so audit the account too.`;
}

function counts({ level, severity }: Finding, failOn: FailOn): boolean {
  switch (failOn) {
    case "advisory":
      return true;
    case "mandatory":
      return level === "mandatory";
    default:
      return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
  }
}
