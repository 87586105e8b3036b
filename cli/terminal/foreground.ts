import { execFileSync } from "node:child_process";
import { procStat } from "../proc-stat";

/**
 * Whether the process may read from its terminal. The system stops a background process that tries to, such as a provider that Pulumi
 * starts, or what a shell runs with `&`, and its caller would wait forever.
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap11.html (11.1.4)
 */
export function isInForeground(): boolean {
  if (process.platform === "win32") return true;
  try {
    const [own, ofTerminal] = process.platform === "linux" ? groupsOfLinux() : groupsOfUnix();
    return own === ofTerminal;
  } catch {
    return true;
  }
}

/** The process group of this process, and that of its terminal. */
function groupsOfLinux(): readonly (string | undefined)[] {
  const stat = procStat("self");
  return [stat[2], stat[5]];
}

function groupsOfUnix(): readonly (string | undefined)[] {
  return execFileSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
    .trim()
    .split(/\s+/);
}
