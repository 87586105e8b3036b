import { closeSync, constants, createReadStream, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, systemCode } from "./failure";
import { timeoutMs } from "./timeout";

const POLL_MS = 50;
const CHUNK_BYTES = 64 * 1024;

/**
 * The bytes of a file, of a pipe, or of standard input for `-`. The writer of a pipe may take any time, but has to open it within the time
 * limit.
 *
 * @throws Failure (`file`) if there are more than `mostBytes`, or nothing writes to the pipe; the system's error if it cannot be read
 */
export async function* bytesOf(path: string, mostBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of await chunksOf(path)) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      const most = `${Math.floor(mostBytes / 1024 / 1024)} MiB`;
      throw new Failure("file", `${named(path)} has more than ${most}.`, "Check that it is the right file.");
    }
    yield chunk;
  }
}

/** The text of `bytesOf`, without a byte order mark: UTF-8, or UTF-16 if the mark says so, as PowerShell writes a command's output. */
export async function textIn(path: string, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(path, mostBytes)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const mark = bytes.toString("hex", 0, 2);
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** The name of the input, for messages. */
export function named(path: string): string {
  return path === "-" ? "Standard input" : path;
}

async function chunksOf(path: string): Promise<AsyncIterable<Buffer>> {
  if (path === "-") return process.stdin;
  return (await stat(path)).isFIFO() ? pipe(path) : createReadStream(path);
}

/** Reads without blocking: opened as a file, a pipe would block a thread of Node.js, and so keep the process from ending. */
async function* pipe(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const until = Date.now() + timeoutMs();
    for (let hadWriter = false; ; ) {
      const chunk = readNow(descriptor);
      if (chunk !== undefined && chunk.length > 0) yield chunk;
      // An empty read means that there is no writer: not yet, or not any more.
      else if (chunk !== undefined && hadWriter) return;
      else if (!hadWriter && chunk !== undefined && Date.now() > until) throw noWriter(path);
      else await sleep(POLL_MS);
      hadWriter ||= chunk === undefined || chunk.length > 0;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** `undefined` if a writer has the pipe open, but there is no data. */
function readNow(descriptor: number): Buffer | undefined {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  try {
    return buffer.subarray(0, readSync(descriptor, buffer));
  } catch (error) {
    if (systemCode(error) === "EAGAIN") return undefined;
    throw error;
  }
}

function noWriter(path: string): Failure {
  return new Failure(
    "file",
    `${path}: no data from the pipe within ${timeoutMs() / 1000} s.`,
    "Start the program that writes to it first, or use a file.",
  );
}
