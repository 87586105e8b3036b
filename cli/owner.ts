import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "./failure";

/** Names this process for others, who can tell from it later whether it is gone: its id, when it started, and where. */
export const OWNER = [process.pid, startOf(process.pid) ?? 0, hostname().replaceAll(/[^\w-]/g, "_")].join(
  ".",
);

/**
 * Whether the process of this name has ended. No clock decides that, so no date can be wrong. Of a process on another
 * computer, which a shared folder may name, nobody knows: `false`.
 */
export function isGone(owner: string): boolean {
  const [id, start, host] = owner.split(".");
  if (host !== OWNER.split(".")[2]) return false;
  if (process.platform === "linux") return String(startOf(Number(id))) !== start;
  try {
    process.kill(Number(id), 0);
    return false;
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
}

/**
 * When a process started, in ticks since the computer did; `undefined` for one that has ended. A number is given to another
 * process after a while, but never with the same start. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startOf(id: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return "ZX".includes(state) ? undefined : Number(fields[18]);
  } catch {
    return undefined;
  }
}
