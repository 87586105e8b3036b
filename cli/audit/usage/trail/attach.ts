import type { Place, Report, Subject } from "../../report";
import type { TrailRead } from "./files";
import type { Trail } from "./trail";

/** The report with what CloudTrail's logs show of the use of each role, group and user of an account. */
export function withTrail(report: Report, { trail, unread }: TrailRead): Report {
  return { ...report, places: [...report.places.map((place) => seenIn(place, trail)), ...unread] };
}

function seenIn(place: Place, trail: Trail): Place {
  const { kind, name, notes = [], subjects } = place;
  if (kind !== "account")
    return { ...place, notes: [...notes, "CloudTrail's logs are compared with accounts only."] };
  const covered = trail.coverageOf(name);
  const note =
    covered === undefined
      ? "The CloudTrail logs have no event of this account."
      : `The CloudTrail logs have ${covered.events} ${covered.events === 1 ? "event" : "events"} of this account, from ${covered.first} to ${covered.last}, in ${[...covered.regions].sort().join(", ")}. They do not prove that nobody uses what they do not show: other regions, data events and gaps are not in them.`;
  return {
    ...place,
    notes: [...notes, note],
    subjects: subjects.map((subject) => {
      const whose = arnsOf(subject);
      const seen = whose === undefined ? undefined : trail.seenOf(name, whose);
      return seen === undefined ? subject : { ...subject, seen };
    }),
  };
}

/** Whose uses are the subject's: its own, or of a group its members', where those are known. */
function arnsOf({ kind, id, members }: Subject): readonly string[] | undefined {
  if (kind === "group") return members;
  return kind === "role" || kind === "user" ? [id] : undefined;
}
