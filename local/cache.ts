import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";

/**
 * Where large things are kept between runs and between clones: `$XDG_CACHE_HOME/aws-mfa-stack` or `~/.cache/aws-mfa-stack`,
 * `~/Library/Caches/aws-mfa-stack` on macOS. Deleting it is always safe.
 */
export function cacheFolder(): string {
  return envPaths("aws-mfa-stack", { suffix: "" }).cache;
}

/** Where something of this name lies in the cache, whether or not it is there yet. */
export function cached(name: string): string {
  return join(cacheFolder(), name);
}

/**
 * A folder of the cache that is either complete or not there.
 *
 * `fill` works in a folder of its own beside it, which is renamed in one step when it is done: an interrupted run leaves
 * nothing that looks complete, and of two processes at once the slower one takes what the faster one made.
 * What `fill` throws is passed on.
 */
export async function preparedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = cached(name);
  if (existsSync(target)) return target;
  await mkdir(cacheFolder(), { recursive: true });
  await removeAbandoned(name);
  const unfinished = `${target}.unfinished-${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(unfinished);
    await fill(unfinished);
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** What a run left that was killed while it filled the folder: its name has the process id. */
async function removeAbandoned(name: string): Promise<void> {
  const prefix = `${name}.unfinished-`;
  for (const entry of await readdir(cacheFolder())) {
    if (!entry.startsWith(prefix)) continue;
    const processId = Number(entry.slice(prefix.length).split("-")[0]);
    if (!isRunning(processId)) await rm(cached(entry), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
