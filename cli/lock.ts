import { lock } from "proper-lockfile";
import { Failure, systemCode } from "./failure";

/** A lock that nobody renews for this long belonged to a process that was killed. */
const STALE_MS = 10_000;
const INTERVAL_MS = 250;

export interface Waiting {
  /** How long to wait for another process. */
  readonly patienceMs: number;
  /** Called once where there is one to wait for. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` while no other process of this command runs with the same path, and waits for one that does.
 * A folder `PATH.lock` is the lock; it is gone when `work` has ended, also on Ctrl-C.
 *
 * @throws Failure (`busy`) where the other one takes longer; (`file`) where the folder cannot be written
 */
export async function locked<T>(
  path: string,
  what: string,
  work: () => Promise<T>,
  waiting: Waiting = { patienceMs: 3_000 },
): Promise<T> {
  const release = await acquire(path, what, waiting);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(
  path: string,
  what: string,
  { patienceMs, onWait }: Waiting,
): Promise<() => Promise<void>> {
  try {
    const first = await attempt(path, 0).catch((error) => {
      if (systemCode(error) !== "ELOCKED") throw error;
      onWait?.();
    });
    return first ?? (await attempt(path, Math.ceil(patienceMs / INTERVAL_MS)));
  } catch (error) {
    if (systemCode(error) === "ELOCKED") {
      throw new Failure(
        "busy",
        `Another run of aws-mfa is using ${what} (${path}).`,
        "Finish or end that one, then run this again.",
      );
    }
    throw new Failure(
      "file",
      `${path}.lock cannot be made: ${systemCode(error) ?? String(error)}.`,
      "Check who may write in that folder.",
    );
  }
}

async function attempt(path: string, retries: number): Promise<() => Promise<void>> {
  let lost = false;
  const release = await lock(path, {
    realpath: false,
    stale: STALE_MS,
    retries: { retries, factor: 1, minTimeout: INTERVAL_MS, maxTimeout: INTERVAL_MS },
    // A process that was stopped for a while loses its lock. That is no reason to end it in the middle of its work.
    onCompromised: () => {
      lost = true;
    },
  });
  return async () => {
    if (!lost) await release();
  };
}
