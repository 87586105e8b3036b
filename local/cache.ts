import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";

/**
 * The cache, shared by runs and clones: `$XDG_CACHE_HOME/aws-mfa-stack` or `~/.cache/aws-mfa-stack`, on macOS
 * `~/Library/Caches/aws-mfa-stack`. It can always be deleted.
 */
export function cacheFolder(): string {
  return envPaths("aws-mfa-stack", { suffix: "" }).cache;
}

/** The path of an entry of the cache, which need not exist. */
export function cached(name: string): string {
  return join(cacheFolder(), name);
}

/**
 * Creates a folder of the cache, unless it exists. `fill` fills a temporary folder, which is then renamed: an interrupted run leaves no
 * incomplete folder, and of two concurrent processes the slower one uses the result of the faster one. Throws the errors of `fill`.
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

/** Removes the temporary folders of killed runs. Their names have the process ids. */
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
