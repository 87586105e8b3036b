import { rmdirSync, unlinkSync } from "node:fs";
import { mkdir, readdir, rename, rmdir, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Failure, reasonOf, systemCode } from "./failure";
import { isGone, OWNER } from "./owner";
import { withTemporaryPath } from "./temporary-path";

const INTERVAL_MS = 250;

/** The errors of a rename to a folder that is not empty; on Windows, to any folder. */
const TAKEN = ["ENOTEMPTY", "EEXIST", ...(process.platform === "win32" ? ["EPERM", "EACCES"] : [])];

export interface Waiting {
  /** How long to wait for another process. */
  readonly waitMs: number;
  /** Called once before waiting, with the other process's id. May return another time to wait, in milliseconds. */
  readonly onWait?: (process: string) => number | undefined;
}

/**
 * Runs `work` while no other process of this command holds the lock of this path, and waits for one that does.
 *
 * The lock is the folder `PATH.lock`. The one file in it has the name of the process that holds it. It is removed when `work` or the
 * process ends. The lock of a killed process is taken over at once.
 *
 * @throws Failure (`busy`) if the other process takes longer; (`file`) if the folder cannot be written
 */
export async function locked<T>(
  path: string,
  what: string,
  work: () => Promise<T>,
  { waitMs, onWait }: Waiting = { waitMs: 3_000 },
): Promise<T> {
  const lock = `${path}.lock`;
  let until = Date.now() + waitMs;
  for (let owner = await heldBy(lock), waits = false; owner !== undefined; owner = await heldBy(lock)) {
    if (Date.now() >= until) throw busy(lock, what, owner);
    if (!waits) {
      waits = true;
      until = Date.now() + (onWait?.(owner.split(".")[0] ?? "") ?? waitMs);
    }
    await setTimeout(INTERVAL_MS);
  }
  const release = () => {
    process.off("exit", release);
    try {
      unlinkSync(join(lock, OWNER));
      rmdirSync(lock);
    } catch {
      // It was removed by hand, or has just been taken over.
    }
  };
  process.on("exit", release);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Acquires the lock, or returns the name of the process that holds it. */
async function heldBy(lock: string): Promise<string | undefined> {
  try {
    return await withTemporaryPath(dirname(lock), async (temporary) => {
      await mkdir(temporary, { mode: 0o700 });
      await writeFile(join(temporary, OWNER), "");
      for (;;) {
        // Fails if the lock contains a file: of several processes at once, one succeeds.
        if (await succeeds(rename(temporary, lock), ...TAKEN)) return undefined;
        const owners = await readdir(lock).catch((error) => {
          if (systemCode(error) === "ENOENT") return [];
          throw error;
        });
        const owner = owners.find((each) => !isGone(each));
        if (owner !== undefined) return owner;
        // Each step removes only what no process holds, even if others do the same.
        for (const gone of owners) await succeeds(unlink(join(lock, gone)), "ENOENT");
        await succeeds(rmdir(lock), "ENOENT", "ENOTEMPTY", "EEXIST");
      }
    });
  } catch (error) {
    throw new Failure(
      "file",
      `${lock} cannot be created: ${reasonOf(error)}.`,
      "Check the folder's permissions.",
    );
  }
}

async function succeeds(work: Promise<void>, ...unless: readonly string[]): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (unless.includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

function busy(lock: string, what: string, owner: string): Failure {
  const [id, , host] = owner.split(".");
  return new Failure(
    "busy",
    `Another run of aws-mfa is using ${what}: process ${id} on ${host} holds ${lock}.`,
    "Wait for it or stop it, then run this again. If it is no longer running, delete that folder.",
  );
}
