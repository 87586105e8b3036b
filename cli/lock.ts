import { lock } from "proper-lockfile";
import { Failure, systemCode } from "./failure";

/** A lock that nobody renews for this long belonged to a process that was killed. */
const STALE_MS = 10_000;

/**
 * Runs `work` while no other process of this command runs with the same path; waits for it for `patienceMs`.
 * A folder `PATH.lock` is the lock; it is gone when `work` has ended, also on Ctrl-C.
 *
 * @throws Failure (`busy`) where the other one takes longer
 */
export async function locked<T>(
  path: string,
  what: string,
  work: () => Promise<T>,
  patienceMs = 3_000,
): Promise<T> {
  const release = await acquire(path, what, patienceMs);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, what: string, patienceMs: number): Promise<() => Promise<void>> {
  const intervalMs = 250;
  try {
    return await lock(path, {
      realpath: false,
      stale: STALE_MS,
      retries: {
        retries: Math.ceil(patienceMs / intervalMs),
        factor: 1,
        minTimeout: intervalMs,
        maxTimeout: intervalMs,
      },
    });
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
