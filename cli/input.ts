import { closeSync, constants, createReadStream, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, systemCode } from "./failure";
import { silenceMs } from "./patience";

const POLL_MS = 50;
const CHUNK_BYTES = 64 * 1024;

/**
 * The bytes of a file, of a pipe, or of standard input for `-`. Whoever writes into a pipe may take as long as they need; nobody is
 * waited for who never comes.
 *
 * @param mostBytes what it may have at most
 * @throws Failure (`file`) where there is more, or nobody writes into a pipe; the system's error where it cannot be read
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

/**
 * The text of `bytesOf`: UTF-8, or UTF-16 where a mark at its start says so, which is what PowerShell makes of a command's output. The
 * mark is no part of it.
 */
export async function textIn(path: string, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(path, mostBytes)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const mark = bytes.toString("hex", 0, 2);
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** What a person knows the file by. */
export function named(path: string): string {
  return path === "-" ? "Standard input" : path;
}

async function chunksOf(path: string): Promise<AsyncIterable<Buffer>> {
  if (path === "-") return process.stdin;
  return (await stat(path)).isFIFO() ? pipe(path) : createReadStream(path);
}

/** Opened as a file it would block a thread that Node waits for, also when it is to end. */
async function* pipe(path: string): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const until = Date.now() + silenceMs();
    for (let isWritten = false; ; ) {
      const chunk = readNow(descriptor);
      if (chunk !== undefined && chunk.length > 0) yield chunk;
      // It ends when the last who writes is gone, and looks the same before the first has come.
      else if (chunk !== undefined && isWritten) return;
      else if (!isWritten && chunk !== undefined && Date.now() > until) throw nobodyWrites(path);
      else await sleep(POLL_MS);
      isWritten ||= chunk === undefined || chunk.length > 0;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** `undefined` where somebody has the pipe open and has written nothing more. */
function readNow(descriptor: number): Buffer | undefined {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  try {
    return buffer.subarray(0, readSync(descriptor, buffer));
  } catch (error) {
    if (systemCode(error) === "EAGAIN") return undefined;
    throw error;
  }
}

function nobodyWrites(path: string): Failure {
  return new Failure(
    "file",
    `${path}: no data from the pipe within ${silenceMs() / 1000} s.`,
    "Start the program that writes to it first, or use a file.",
  );
}
