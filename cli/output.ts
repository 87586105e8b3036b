import { closeSync, constants, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "./failure";
import { timeoutMs } from "./timeout";

const POLL_MS = 50;

/**
 * Writes to a pipe without blocking: opened as a file, a pipe would block a thread of Node.js, and so keep the process from ending.
 *
 * @throws Error if nothing has read from it within the time limit; the system's error if it cannot be written
 */
export async function writeToPipe(path: string, text: string): Promise<void> {
  let left = Buffer.from(text);
  let descriptor: number | undefined;
  let until = Date.now() + timeoutMs();
  try {
    while (left.length > 0) {
      try {
        descriptor ??= openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
        left = left.subarray(writeSync(descriptor, left));
        until = Date.now() + timeoutMs();
      } catch (error) {
        // There is no reader, or the pipe is full.
        if (!["ENXIO", "EAGAIN"].includes(systemCode(error) ?? "")) throw error;
        if (Date.now() > until) {
          throw new Error(`it is a pipe, and nothing has read from it within ${timeoutMs() / 1000} s`);
        }
        await sleep(POLL_MS);
      }
    }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
