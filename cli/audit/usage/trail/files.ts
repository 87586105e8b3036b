import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Failure, systemCode } from "../../../failure";
import { bytesOf } from "../../../input";
import type { Place } from "../../report";
import { NOT_STARTED, unreadLog } from "../../trouble";
import type { TrailEvent } from "./event";
import { damaged, NoLog, recordsIn } from "./records";
import { Trail } from "./trail";

/** Called after each file with the number of files and events so far. */
export type TrailProgress = (files: number, events: number) => void;

/** What was read, and a place for each file that could not be read completely. */
export interface TrailRead {
  readonly trail: Trail;
  readonly unread: readonly Place[];
}

/**
 * Reads CloudTrail log files, one after another: files, folders as a trail writes them to a bucket, or `-` for standard input. An error
 * in one is reported and does not stop the others. In a folder, other files are skipped, such as CloudTrail's digests and insights. A
 * file that several paths name is read once. Calls `onEvent` for each event.
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
    if ("problem" in found) unread.push(unreadLog(path, found, path));
    else {
      for (const file of found.files) {
        if (abort.aborted) return { trail, unread: [...unread, unreadLog(file, NOT_STARTED, file)] };
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
        if (read.failure !== undefined && !isOther) unread.push(unreadLog(file, read.failure, file));
      }
      if (!isLog) unread.push(unreadLog(path, NOTHING, path));
    }
  }
  return { trail, unread };
}

const NOTHING = {
  problem: "It contains no CloudTrail log file.",
  remedy: "Expected files as a trail writes them to its bucket, such as …_CloudTrail_….json.gz.",
};

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

/** Adds the records of one file to the trail, up to its end or a failure. */
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
    failure: damaged(`${record - events} of its ${record} records are not events, such as ${wrong}.`),
  };
}

function failureIn(error: unknown): Failure {
  const code = systemCode(error) ?? "";
  return /^Z_/.test(code) ? damaged(`It is not a complete gzip file: ${code}.`) : notReadable(error);
}

/** The text of a file in chunks, decompressed if it is gzip. */
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
    // If reading stops early, the pipeline is aborted, and only `used` has the reason.
    await used;
    throw error;
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
}
