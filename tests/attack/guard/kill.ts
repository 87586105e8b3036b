import { spawnSync } from "node:child_process";

/** Kills the engine that this process has started, and the providers that the engine has, as a loss of power would. */
export function killEngine(): void {
  for (const engine of childrenOf(process.pid, "-x", "pulumi")) {
    for (const id of [engine, ...childrenOf(engine)]) process.kill(id, "SIGKILL");
  }
}

function childrenOf(id: number, ...which: readonly string[]): number[] {
  const { stdout, error } = spawnSync("pgrep", ["-P", String(id), ...which], { encoding: "utf8" });
  if (error) throw error;
  return stdout.split("\n").filter(Boolean).map(Number);
}
