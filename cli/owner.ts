import { hostname } from "node:os";
import { systemCode } from "./failure";
import { procStat } from "./proc-stat";

/** The name of this process in file names, by which others can tell whether it still runs: its id, start time and host. */
export const OWNER = [process.pid, startOf(process.pid) ?? 0, hostname().replaceAll(/[^\w-]/g, "_")].join(
  ".",
);

/**
 * Whether the process of this name has ended. It compares no times, so a wrong clock does not matter. `false` for a process on another
 * host, which a shared folder may name: its state is unknown.
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
 * When a process started, in ticks since the computer did; `undefined` if it has ended. The system reuses an id, but not with the same
 * start.
 */
function startOf(id: number): number | undefined {
  try {
    const [state = "", ...fields] = procStat(id);
    return "ZX".includes(state) ? undefined : Number(fields[18]);
  } catch {
    return undefined;
  }
}
