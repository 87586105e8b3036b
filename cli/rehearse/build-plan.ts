import { counted } from "../audit/render/words";
import type { Report } from "../audit/report";
import { hasServiceAccess } from "../audit/usage/last-use";
import type { TrailRead } from "../audit/usage/trail/files";
import type { Change } from "./change";
import type { Gap, Plan } from "./plan";
import { type Rehearsal, stoppedFirst } from "./rehearsal";
import { exemptionsFor, waysOutOf } from "./ways-out";

/** How long a proposed exemption lasts. */
const EXEMPT_DAYS = 90;

/** The plan, after the rehearsal was given all events of the logs. */
export function planOf(
  change: Change,
  report: Report,
  rehearsal: Rehearsal,
  { trail, unread }: TrailRead,
  now: Date,
): Plan {
  const affected = rehearsal
    .affected(trail)
    .toSorted((a, b) => stoppedFirst(a.outcome, b.outcome) || (a.id < b.id ? -1 : 1));
  const users = new Map(rehearsal.touched("user").map((user) => [user.id, user]));
  const until = new Date(now.getTime() + EXEMPT_DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return {
    version: 1,
    madeAt: now.toISOString(),
    change: change.what,
    evidence: report.places
      .filter(({ kind }) => kind === "account")
      .map(({ name }) => {
        const { events = 0, first, last, regions = [] } = trail.coverageOf(name) ?? {};
        return {
          account: name,
          events,
          ...(first && { first }),
          ...(last && { last }),
          regions: [...regions].sort(),
        };
      }),
    affected: affected.map((each) => {
      const { parts: _, ...rest } = each;
      return { ...rest, waysOut: waysOutOf(each, users.get(each.id)) };
    }),
    unseen: rehearsal.unseen(trail),
    unused: rehearsal.unused(trail),
    exemptions: exemptionsFor(affected, until),
    gaps: [
      ...troubles(report.places),
      ...missingRecords(rehearsal, new Set(affected.map(({ id }) => id))),
      ...troubles(unread),
    ],
  };
}

function troubles(places: Report["places"]): readonly Gap[] {
  return places.flatMap(({ name, trouble }) =>
    trouble === undefined ? [] : { problem: `${name}: ${trouble.problem}`, remedy: trouble.remedy },
  );
}

/** What AWS has not recorded or the report lacks, so that nobody can be said not to use something. */
function missingRecords(rehearsal: Rehearsal, affected: ReadonlySet<string>): readonly Gap[] {
  const users = rehearsal.touched("user");
  const withoutReport = users.filter(({ setup }) => setup === undefined).length;
  const withServiceAccess = users.filter(
    ({ id, setup }) => setup !== undefined && hasServiceAccess(setup) && !affected.has(id),
  );
  const withoutCalls = rehearsal.rolesWithoutCalls().length;
  const withoutLastUse = rehearsal.touched("role").filter(({ lastUse }) => lastUse === undefined).length;
  return [
    withoutReport > 0 && {
      problem: `When the keys and passwords of ${counted(withoutReport, "user was", "users were")} last used is not known.`,
      remedy: "Give the account's credential report too: aws iam get-credential-report > report.json",
    },
    withServiceAccess.length > 0 && {
      problem: `AWS does not record when the service-specific credentials and SSH public keys of ${withServiceAccess.map(({ name }) => name).join(", ")} were last used.`,
      remedy: "Ask their owners. Deactivate them first, and delete them once nobody misses them.",
    },
    withoutCalls > 0 && {
      problem: `What ${counted(withoutCalls, "role")} called is not known: CloudTrail's event history cannot be searched for it.`,
      remedy: "Give the log files of a trail: --trail FILES",
    },
    withoutLastUse > 0 && {
      problem: `When ${counted(withoutLastUse, "role was", "roles were")} last used is not known.`,
      remedy: "Give the account's details: aws iam get-account-authorization-details > account.json",
    },
  ].filter((gap) => gap !== false);
}
