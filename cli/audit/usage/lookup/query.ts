import { appendFile, mkdir, open, rename, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";

/** A query to LookupEvents, which takes one attribute at a time. */
export type Query =
  | { readonly attribute: "EventName"; readonly value: string }
  /** All events of a user but those that are looked up by name. */
  | { readonly attribute: "Username"; readonly value: string };

/** Calls that begin a session. */
export const BY_NAME = [
  ...["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot"],
  ...["GetSessionToken", "GetFederationToken", "ConsoleLogin"],
];

/** AWS allows two requests per second in each region of an account. Source: CloudTrail API reference, LookupEvents. */
const PACE_MS = 500;
const PAGE = 50;
/** More than a page of events, each of at most 256 KB. */
const TAIL_BYTES = 16 * 1024 * 1024;
const HEAD = '{"Records":[\n';

/** Waits until the next request may be sent. */
export function pacer(): (abort: AbortSignal) => Promise<void> {
  let next = 0;
  return async (abort) => {
    const now = Date.now();
    const at = Math.max(now, next);
    next = at + PACE_MS;
    if (at > now) await sleep(at - now, undefined, { signal: abort });
  };
}

/**
 * Writes the events into `path` as a CloudTrail log file, the latest first. Until it is complete, they are in `path.part`, one per line,
 * and a later run resumes after the last one.
 *
 * @param within the period
 */
export async function download(
  client: Pick<CloudTrailClient, "send">,
  { attribute, value }: Query,
  within: { readonly from: Date; readonly to: Date },
  path: string,
  pace: ReturnType<typeof pacer>,
  abort: AbortSignal,
  onEvents: (count: number) => void,
): Promise<void> {
  if (await exists(path)) return;
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { to, known } = await progressIn(part, within.to);
  let NextToken: string | undefined;
  do {
    await pace(abort);
    const answer = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
        StartTime: within.from,
        EndTime: to,
        MaxResults: PAGE,
        NextToken,
      }),
      { abortSignal: abort },
    );
    const records = (answer.Events ?? []).flatMap(({ CloudTrailEvent = "", EventId = "", EventName = "" }) =>
      known.has(EventId) || (attribute === "Username" && BY_NAME.includes(EventName))
        ? []
        : [CloudTrailEvent],
    );
    // In JSON, a line end is never inside a value.
    await appendFile(part, records.map((each) => `${each.replaceAll("\n", " ")},\n`).join(""));
    onEvents(records.length);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  await appendFile(part, "]}\n");
  await rename(part, path);
}

/** The end of the period that an earlier run did not look up, and the ids of the events of that second that it has. */
async function progressIn(part: string, to: Date): Promise<{ to: Date; known: ReadonlySet<string> }> {
  const nothing = { to, known: new Set<string>() };
  if (!(await exists(part))) {
    await appendFile(part, HEAD, { mode: 0o600 });
    return nothing;
  }
  const file = await open(part, "r");
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const tail = buffer.subarray(0, bytesRead);
    // A run that was killed may have written half a line.
    await truncate(part, from + tail.lastIndexOf("\n") + 1);
    const events = tail.toString("utf8").split("\n").slice(0, -1).flatMap(eventIn);
    const last = events.at(-1);
    if (last === undefined) return nothing;
    return {
      to: new Date(last.eventTime),
      known: new Set(
        events.filter(({ eventTime }) => eventTime === last.eventTime).map(({ eventID }) => eventID),
      ),
    };
  } finally {
    await file.close();
  }
}

function eventIn(line: string): readonly { readonly eventTime: string; readonly eventID: string }[] {
  try {
    const { eventTime, eventID } = JSON.parse(line.replace(/,$/, ""));
    return typeof eventTime === "string" && typeof eventID === "string" ? [{ eventTime, eventID }] : [];
  } catch {
    // The head, or the rest of the line in which the tail begins.
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
