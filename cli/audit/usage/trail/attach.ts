import { counted } from "../../render/words";
import type { Place, Report, Subject } from "../../report";
import type { TrailRead } from "./files";
import type { Trail } from "./trail";

/** The report with what CloudTrail logs show of the use of each role, group and user of an account. */
export function withTrail(report: Report, { trail, unread }: TrailRead): Report {
  return { ...report, places: [...report.places.map((place) => seenIn(place, trail)), ...unread] };
}

function seenIn(place: Place, trail: Trail): Place {
  const { kind, name, notes = [], subjects } = place;
  if (kind !== "account")
    return { ...place, notes: [...notes, "CloudTrail logs are compared with accounts only."] };
  const covered = trail.coverageOf(name);
  const note =
    covered === undefined
      ? "The CloudTrail logs have no event of this account."
      : `The CloudTrail logs have ${counted(covered.events, "event")} of this account, from ${covered.first} to ${covered.last}, in ${[...covered.regions].sort().join(", ")}. They do not prove that something is unused: they may lack other regions, data events and times without a log.`;
  return {
    ...place,
    notes: [...notes, note],
    subjects: subjects.map((subject) => {
      const arns = arnsOf(subject);
      return arns === undefined ? subject : { ...subject, seen: trail.seenOf(name, arns) };
    }),
  };
}

/** The principals whose uses are the subject's: itself, or the members of a group, if they are known. */
function arnsOf({ kind, id, members }: Subject): readonly string[] | undefined {
  if (kind === "group") return members;
  return kind === "role" || kind === "user" ? [id] : undefined;
}
