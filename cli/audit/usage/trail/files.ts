import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Failure, systemCode } from "../../../failure";
import { bytesOf } from "../../../input";
import type { Place } from "../../report";
import type { TrailEvent } from "./event";
import { NoLog, recordsIn, unreadable } from "./records";
import { Trail } from "./trail";

/** Told after each file: how many files and events were read. */
export type TrailProgress = (files: number, events: number) => void;

/** What was read, and a place for each file that could not be read whole. */
export interface TrailRead {
  readonly trail: Trail;
  readonly unread: readonly Place[];
}

/**
 * Reads CloudTrail's log files, one after another: files, folders of them as a trail writes them to a bucket, or `-` for
 * standard input. What is wrong with one is said, and stops none of the others. In a folder, files of other kinds, such as
 * CloudTrail's digests and insights, are passed over; a file that several paths name is read once. `onEvent` is told of each event.
 */
export async function readTrail(
  paths: readonly string[],
  abort: AbortSignal,
  progress: TrailProgress,
  onEvent?: (event: TrailEvent) => void,
): Promise<TrailRead> {
  const trail = new Trail(onEvent);
  const unread: Place[] = [];
  const known = new Set<string>();
  let [files, events] = [0, 0];
  for (const path of paths) {
    let isLog = false;
    const found = await logsAt(path);
    if ("problem" in found) unread.push(unreadPlace(path, found));
    else {
      for (const file of found.files) {
        if (abort.aborted) return { trail, unread: [...unread, unreadPlace(file, INTERRUPTED)] };
        if (known.size === known.add(resolve(file)).size) {
          isLog = true;
          continue;
        }
        const read = await readLog(file, trail);
        events += read.events;
        files += 1;
        progress(files, events);
        const isOther =
          read.failure instanceof NoLog && found.isFolder && !/_CloudTrail_/.test(basename(file));
        if (!isOther) isLog = true;
        if (read.failure !== undefined && !isOther) unread.push(unreadPlace(file, read.failure));
      }
      if (!isLog) unread.push(unreadPlace(path, NOTHING));
    }
  }
  return { trail, unread };
}

const INTERRUPTED = new Failure(
  "unseen",
  "Interrupted before it was read.",
  "Run this again to read everything.",
);
const NOTHING = new Failure(
  "unseen",
  "It contains no CloudTrail log file.",
  "Expected files as a trail writes them to its bucket, such as …_CloudTrail_….json.gz.",
);

function unreadPlace(path: string, { problem, remedy }: Failure): Place {
  return {
    kind: "file",
    name: path,
    file: path,
    trouble: { problem, remedy, notLookedAt: { logs: 1 } },
    subjects: [],
  };
}

async function logsAt(
  path: string,
): Promise<Failure | { readonly files: readonly string[]; readonly isFolder: boolean }> {
  if (path === "-") return { files: [path], isFolder: false };
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], isFolder: false };
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries
      .filter(
        (each) =>
          each.isFile() &&
          /\.json$|\.gz$/i.test(each.name) &&
          !/_CloudTrail-(Digest|Insight)_/.test(each.name),
      )
      .map((each) => join(each.parentPath, each.name));
    return { files: files.sort(), isFolder: true };
  } catch (error) {
    return notReadable(error);
  }
}

function notReadable(error: unknown): Failure {
  const problem = `It cannot be read: ${systemCode(error) ?? String(error)}.`;
  return new Failure("unseen", problem, "Check the path and its permissions.");
}

/** Counts the records of one file until its end, or until what is wrong with it. */
async function readLog(path: string, trail: Trail): Promise<{ events: number; failure?: Failure }> {
  let [events, record] = [0, 0];
  let wrong: string | undefined;
  try {
    await withText(path, async (text) => {
      for await (const records of recordsIn(text)) {
        for (const each of records) {
          record += 1;
          const problem = trail.add(each);
          if (problem === undefined) events += 1;
          else wrong ??= `record ${record} (${problem})`;
        }
      }
    });
  } catch (error) {
    return { events, failure: error instanceof Failure ? error : failureIn(error) };
  }
  if (wrong === undefined) return { events };
  return {
    events,
    failure: unreadable(`${record - events} of its ${record} records are no events, such as ${wrong}.`),
  };
}

function failureIn(error: unknown): Failure {
  const code = systemCode(error) ?? "";
  return /^Z_/.test(code) ? unreadable(`It is no whole gzip file: ${code}.`) : notReadable(error);
}

/** The text of a file, unzipped where it is zipped, in chunks. */
async function withText(path: string, use: (text: AsyncIterable<string>) => Promise<void>): Promise<void> {
  const chunks = bytesOf(path, Number.POSITIVE_INFINITY);
  const first = await chunks.next();
  const bytes = Readable.from(
    (async function* () {
      if (!first.done) yield first.value;
      yield* chunks;
    })(),
    { objectMode: false },
  );
  const isZipped = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  let used = Promise.resolve();
  const textOf = (given: AsyncIterable<Buffer>) => {
    used = use(decoded(given));
    return used;
  };
  try {
    await (isZipped ? pipeline(bytes, createGunzip(), textOf) : pipeline(bytes, textOf));
  } catch (error) {
    // What stops reading early aborts the pipeline, which then tells of that alone.
    await used;
    throw error;
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
}
