import { rmSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isGone, OWNER } from "./owner";

const NAME = /^\.aws-mfa\.(.+)\.\d+\.tmp$/;
let made = 0;

/**
 * Runs `work` with a temporary path in the folder, for a file or folder that `work` renames when it is complete. Otherwise it is removed
 * when `work` or the process ends, or, if the process was killed, by the next one.
 */
export async function withTemporaryPath<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  await removeLeftovers(folder);
  const path = join(folder, `.aws-mfa.${OWNER}.${made++}.tmp`);
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.on("exit", remove);
  try {
    return await work(path);
  } finally {
    remove();
    process.off("exit", remove);
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || !isGone(owner)) continue;
    const path = join(folder, name);
    // In a folder such as /tmp, other users may have created a file of this name.
    const found = await lstat(path).catch(() => undefined);
    if (found?.uid === process.geteuid?.()) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
