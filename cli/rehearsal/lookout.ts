import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const EVERY_MS = 25;

/** Looks, while something runs, at what others on the computer can see of it. */
export interface Lookout {
  /** Every text that came into sight, and where. */
  readonly seen: ReadonlyMap<string, string>;
  stop(): void;
}

/** Whether command lines can be looked at here. */
export const SEES_PROCESSES = existsSync("/proc/self/cmdline");

/** Watches the command lines of all processes, and every file below the folders, also those that are soon gone. */
export function lookOut(folders: readonly string[]): Lookout {
  const seen = new Map<string, string>();
  const look = () => {
    if (SEES_PROCESSES) {
      for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const line = textOf(join("/proc", id, "cmdline")).replaceAll("\0", " ");
        if (line !== "") seen.set(`the command line ${id}: ${line.slice(0, 80)}`, line);
      }
    }
    // A file may hold one thing now and another later: each text is kept.
    for (const folder of folders) {
      for (const path of filesBelow(folder)) {
        const text = textOf(path);
        seen.set(`${path} (${text.length} characters)`, text);
      }
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    seen,
    stop: () => {
      clearInterval(timer);
      look();
    },
  };
}

/** Every file below a folder. One that vanishes meanwhile is left out. */
export function filesBelow(folder: string): string[] {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
