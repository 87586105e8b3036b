import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Whether the process may read from its terminal. One in the background is stopped when it tries, and whoever waits for it
 * waits for ever: such are the providers that Pulumi starts, and what a shell runs with `&`.
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap11.html (11.1.4)
 */
export function isInForeground(): boolean {
  const groups = process.platform === "linux" ? groupsOfLinux() : groupsOfUnix();
  return groups === undefined || groups.own === groups.foreground;
}

interface Groups {
  readonly own: number;
  /** The process group that the terminal belongs to now. */
  readonly foreground: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the fields follow the name, which is in brackets. */
function groupsOfLinux(): Groups | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { own: Number(fields[2]), foreground: Number(fields[5]) };
  } catch {
    return undefined;
  }
}

function groupsOfUnix(): Groups | undefined {
  if (process.platform === "win32") return undefined;
  try {
    const printed = execFileSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [own, foreground] = printed.trim().split(/\s+/).map(Number);
    return own === undefined || foreground === undefined ? undefined : { own, foreground };
  } catch {
    return undefined;
  }
}
