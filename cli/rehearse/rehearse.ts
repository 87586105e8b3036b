import type { Report } from "../audit/report";
import { hasServiceAccess } from "../audit/usage/last-use";
import type { TrailRead } from "../audit/usage/trail/files";
import type { Change } from "./change";
import type { Evidence, Gap, Plan } from "./plan";
import type { Rehearsal } from "./rehearsal";
import { exemptionsFor, waysOutOf } from "./ways-out";

/** How long an exemption lasts that is proposed. */
const EXEMPT_DAYS = 90;

/** The plan, once all events of the logs were added to the rehearsal. */
export function planOf(
  change: Change,
  report: Report,
  rehearsal: Rehearsal,
  { trail, unread }: TrailRead,
  now: Date,
): Plan {
  const affected = rehearsal
    .affected(trail)
    .toSorted(
      (a, b) => Number(a.outcome !== "stopped") - Number(b.outcome !== "stopped") || (a.id < b.id ? -1 : 1),
    );
  const users = new Map(rehearsal.touched("user").map((user) => [user.id, user]));
  const until = new Date(now.getTime() + EXEMPT_DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return {
    version: 1,
    madeAt: now.toISOString(),
    change: change.what,
    evidence: accountsOf(report).map(({ name }): Evidence => {
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
      ...gapsIn(report, rehearsal, new Set(affected.map(({ id }) => id))),
      ...unread.flatMap(({ name, trouble }) => gapOf(name, trouble)),
    ],
  };
}

function accountsOf({ places }: Report) {
  return places.filter(({ kind }) => kind === "account");
}

function gapOf(name: string, trouble: Gap | undefined): readonly Gap[] {
  return trouble === undefined ? [] : [{ problem: `${name}: ${trouble.problem}`, remedy: trouble.remedy }];
}

/** Where AWS's own figures are missing, so that nobody can be said not to use something. */
function gapsIn(report: Report, rehearsal: Rehearsal, affected: ReadonlySet<string>): readonly Gap[] {
  const services = rehearsal
    .touched("user")
    .filter(({ id, setup }) => setup !== undefined && hasServiceAccess(setup) && !affected.has(id));
  const uncalled = rehearsal.rolesWithoutCalls().length;
  const users = rehearsal.touched("user").filter(({ setup }) => setup === undefined).length;
  const roles = rehearsal.touched("role").filter(({ lastUse }) => lastUse === undefined).length;
  return [
    ...report.places.flatMap(({ name, trouble }) => gapOf(name, trouble)),
    ...(users === 0
      ? []
      : [
          {
            problem: `When the keys and passwords of ${users} ${users === 1 ? "user was" : "users were"} last used is not known.`,
            remedy: "Give the account's credential report too: aws iam get-credential-report > report.json",
          },
        ]),
    ...(services.length === 0
      ? []
      : [
          {
            problem: `AWS does not record when the service-specific credentials and SSH public keys of ${services.map(({ name }) => name).join(", ")} were last used.`,
            remedy: "Ask whoever has them. Deactivate them first, and delete them once nobody misses them.",
          },
        ]),
    ...(uncalled === 0
      ? []
      : [
          {
            problem: `What ${uncalled} ${uncalled === 1 ? "role" : "roles"} called is not known: CloudTrail's event history cannot be searched for it.`,
            remedy: "Give the log files of a trail: --trail FILES",
          },
        ]),
    ...(roles === 0
      ? []
      : [
          {
            problem: `When ${roles} ${roles === 1 ? "role was" : "roles were"} last used is not known.`,
            remedy: "Give the account's details: aws iam get-account-authorization-details > account.json",
          },
        ]),
  ];
}

/** 1: somebody would be stopped, or may be; 2: not all that decides it is known; 0: nobody would be stopped. */
export function exitCodeOf({ affected, unseen, gaps }: Plan): 0 | 1 | 2 {
  if (affected.length + unseen.length > 0) return 1;
  return gaps.length > 0 ? 2 : 0;
}
