import { readFileSync } from "node:fs";

/**
 * The fields of `/proc/ID/stat` on Linux from the third on (state, parent, process group, …). The second, the name in parentheses, may
 * contain spaces. Throws the system's error if there is no such process.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function procStat(id: number | "self"): readonly string[] {
  const stat = readFileSync(`/proc/${id}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
