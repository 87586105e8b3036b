import { EXIT } from "./failure";

/** The work that Ctrl-C stops, instead of the whole process. */
let stoppable: AbortController | undefined;

/** Ends the process on a signal; on the first Ctrl-C it only stops the work that runs as `interruptible`. */
export function endOnSignals(): void {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.on(signal, () => {
      if (signal === "SIGINT" && stoppable !== undefined && !stoppable.signal.aborted) stoppable.abort();
      else process.exit(128 + number);
    });
  }
}

/**
 * Runs work that Ctrl-C stops and that still has something to say then. Whoever presses it again ends the process.
 * The command ends as interrupted then, unless it says otherwise afterwards.
 */
export async function interruptible<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  stoppable = controller;
  try {
    return await work(controller.signal);
  } finally {
    stoppable = undefined;
    if (controller.signal.aborted) process.exitCode = EXIT.interrupted;
  }
}
