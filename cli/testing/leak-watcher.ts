import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The pause after each scan: a fixed time, and a multiple of the scan's own, to leave the machine to the processes under test. */
const PAUSE_MS = 25;
const PAUSE_FACTOR = 3;

/** Records what other users of the computer could see of running processes. */
export interface LeakWatcher {
  /** Every text that was seen, with its place. */
  readonly seen: ReadonlyMap<string, string>;
  stop(): void;
}

/** Whether command lines are visible on this platform. */
export const SEES_PROCESSES = existsSync("/proc/self/cmdline");

const COMMAND_LINE = "the command line";

/** Whether the place is a command line, not a file. */
export function isCommandLine(where: string): boolean {
  return where.startsWith(COMMAND_LINE);
}

/** Watches the command lines of all processes that start from now on, and every file below the folders, even short-lived ones. */
export function watchForLeaks(folders: readonly string[]): LeakWatcher {
  const seen = new Map<string, string>();
  const others = new Set(processes());
  const known = new Map<string, string>();
  const scan = () => {
    for (const id of processes()) {
      if (others.has(id)) continue;
      const line = textOf(join("/proc", id, "cmdline")).replaceAll("\0", " ");
      if (line !== "") seen.set(line, `${COMMAND_LINE} ${line.slice(0, 80)}`);
    }
    // Each version of a file is recorded.
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
    scan();
    timer = setTimeout(again, PAUSE_MS + PAUSE_FACTOR * (performance.now() - before));
  };
  again();
  return {
    seen,
    stop: () => {
      clearTimeout(timer);
      scan();
    },
  };
}

function processes(): string[] {
  return SEES_PROCESSES ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
}

/** Every file below a folder, except those that disappear meanwhile. */
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

/** A value that changes with the file. */
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
