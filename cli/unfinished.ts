import { rmSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isGone, OWNER } from "./owner";

const NAME = /^\.aws-mfa\.(.+)\.\d+\.tmp$/;
let made = 0;

/**
 * Runs `work` with a path in the folder for something that is put elsewhere when it is whole. Whatever is still there when
 * `work` or the process ends is removed. What a process left that was killed goes when the next one comes.
 */
export async function withUnfinished<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
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
    // In a folder such as /tmp others may have put something of that name.
    const found = await lstat(path).catch(() => undefined);
    if (found?.uid === process.geteuid?.()) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
