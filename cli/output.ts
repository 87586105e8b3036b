import { closeSync, constants, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "./failure";
import { silenceMs } from "./patience";

const POLL_MS = 50;

/**
 * Writes into a pipe. Whoever reads it may take as long as they need, piece by piece; nobody is waited for who never comes. Opened as a
 * file it would block a thread that Node waits for, also when it is to end.
 *
 * @throws Error where nobody reads; the system's error where it cannot be written
 */
export async function writeToPipe(path: string, text: string): Promise<void> {
  let left = Buffer.from(text);
  let descriptor: number | undefined;
  let until = Date.now() + silenceMs();
  try {
    while (left.length > 0) {
      try {
        descriptor ??= openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
        left = left.subarray(writeSync(descriptor, left));
        until = Date.now() + silenceMs();
      } catch (error) {
        // Nobody has it open, or it is full.
        if (!["ENXIO", "EAGAIN"].includes(systemCode(error) ?? "")) throw error;
        if (Date.now() > until) {
          throw new Error(`it is a pipe, and nobody has read from it within ${silenceMs() / 1000} s`);
        }
        await sleep(POLL_MS);
      }
    }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
