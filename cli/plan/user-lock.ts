import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure, reasonOf } from "../failure";
import { cacheFolder } from "../home";
import { locked } from "../lock";

/**
 * Runs `work` while no other run on this computer changes the same user of the same account.
 *
 * @throws Failure (`busy`) if another run does
 */
export async function withUserLock<T>(account: string, user: string, work: () => Promise<T>): Promise<T> {
  const folder = join(await cacheFolder(), "at-work");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Failure(
      "file",
      `${folder} cannot be created: ${reasonOf(error)}.`,
      "Check its permissions, or set XDG_CACHE_HOME to another folder.",
    );
  }
  return locked(join(folder, encodeURIComponent(`${account}-${user}`)), `the user ${user}`, work);
}
