import { spawnSync } from "node:child_process";

/** Kills the engine that this process has started, and the providers that the engine has, as a loss of power would. */
export function killEngine(): void {
  for (const engine of childrenOf(process.pid, "-x", "pulumi")) {
    for (const id of [engine, ...childrenOf(engine)]) kill(id);
  }
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function childrenOf(id: number, ...which: readonly string[]): number[] {
  const { stdout, error } = spawnSync("pgrep", ["-P", String(id), ...which], { encoding: "utf8" });
  if (error) throw error;
  return stdout.split("\n").filter(Boolean).map(Number);
}
