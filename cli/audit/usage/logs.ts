import { interruptible } from "../../interruption";
import { withLine } from "../../terminal/progress";
import type { Place, Report } from "../report";
import type { LookedUp } from "./lookup/lookup";
import type { TrailEvent } from "./trail/event";
import { readTrail, type TrailRead } from "./trail/files";

/** The options of a command that reads logs. */
export interface LogOptions {
  readonly trail?: readonly string[];
  readonly usage?: boolean;
  readonly since?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly roleArn?: string;
  readonly organization?: string;
}

/**
 * Reads the given log files and, with `usage`, the event history of the report's accounts.
 *
 * @param usersOf the users of an account whose events are all looked up
 */
export async function readLogs(
  report: Report,
  options: LogOptions,
  onEvent?: (event: TrailEvent) => void,
  usersOf: (account: Place) => readonly string[] = () => [],
): Promise<TrailRead> {
  const { trail = [], usage } = options;
  const history = usage === true ? await lookUpHistory(report, options, usersOf) : undefined;
  const read = await withLine((show) =>
    interruptible((abort) =>
      readTrail(
        [...trail, ...(history?.files ?? [])],
        abort,
        (files, events) => show(`Reading logs: ${files} files, ${events} events`),
        onEvent,
      ),
    ),
  );
  await history?.finish();
  return { ...read, unread: [...read.unread, ...(history?.unread ?? [])] };
}

async function lookUpHistory(
  { places }: Report,
  { since, profile, region, roleArn, organization }: LogOptions,
  usersOf: (account: Place) => readonly string[],
): Promise<LookedUp> {
  const { lookUp, regionsOf } = await import("./lookup/lookup.js");
  const who = { profile, region };
  const lookups = await Promise.all(
    places
      .filter(({ kind, trouble }) => kind === "account" && trouble === undefined)
      .map(async (place) => ({
        account: place.name,
        regions: await regionsOf(place, who),
        users: usersOf(place),
      })),
  );
  return withLine((show) =>
    interruptible((abort) =>
      lookUp({ who, abort }, { roleArn, organization }, lookups, since, (events, done, all) =>
        show(`Looking up events: ${done} of ${all} queries, ${events} events`),
      ),
    ),
  );
}
