import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** How long it rests after each look, and how many times as long as the look took: those it looks at need the machine too. */
const REST_MS = 25;
const REST = 3;

/** Looks, while something runs, at what others on the computer can see of it. */
export interface LeakWatcher {
  /** Every text that came into sight, with where it was. */
  readonly seen: ReadonlyMap<string, string>;
  stop(): void;
}

/** Whether command lines can be looked at here. */
export const SEES_PROCESSES = existsSync("/proc/self/cmdline");

const COMMAND_LINE = "the command line";

/** Whether it was seen in a command line, and not in a file. */
export function isCommandLine(where: string): boolean {
  return where.startsWith(COMMAND_LINE);
}

/** Watches the command lines of all processes that start from now on, and every file below the folders, also those that are soon gone. */
export function watchForLeaks(folders: readonly string[]): LeakWatcher {
  const seen = new Map<string, string>();
  const others = new Set(processes());
  const known = new Map<string, string>();
  const look = () => {
    for (const id of processes()) {
      if (others.has(id)) continue;
      const line = textOf(join("/proc", id, "cmdline")).replaceAll("\0", " ");
      if (line !== "") seen.set(line, `${COMMAND_LINE} ${line.slice(0, 80)}`);
    }
    // A file may hold one thing now and another later: each text is kept.
    for (const path of folders.flatMap(filesBelow)) {
      const state = stateOf(path);
      if (state === undefined || known.get(path) === state) continue;
      known.set(path, state);
      seen.set(textOf(path), path);
    }
  };
  let timer: NodeJS.Timeout;
  const again = () => {
    const before = performance.now();
    look();
    timer = setTimeout(again, REST_MS + REST * (performance.now() - before));
  };
  again();
  return {
    seen,
    stop: () => {
      clearTimeout(timer);
      look();
    },
  };
}

function processes(): string[] {
  return SEES_PROCESSES ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
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

/** Changes whenever the file does. */
function stateOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
