import { isatty } from "node:tty";
import { EXIT } from "./failure";

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type Signal = keyof typeof NUMBERS;
const ALL: readonly Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Returns whether it handled the signal, so that the process does not end. */
type Handler = (signal: Signal) => boolean;

let handler: Handler | undefined;

/** Ends the process on a signal, unless the running work handles it. */
export function endOnSignals(): void {
  for (const signal of ALL) {
    process.on(signal, () => {
      if (!handler?.(signal)) process.exit(128 + NUMBERS[signal]);
    });
  }
}

/** Runs work that handles signals itself. */
export async function withSignals<T>(handle: Handler, work: () => Promise<T>): Promise<T> {
  handler = handle;
  try {
    return await work();
  } finally {
    handler = undefined;
  }
}

/** Called when the terminal turns out to be closed: the system sends SIGHUP only to some of its processes. */
export function hangUp(): void {
  process.emit("SIGHUP", "SIGHUP");
}

/**
 * Node.js resets its terminal at exit. If the terminal is closed, it aborts with a core dump, which contains the process's secrets. So if
 * one has been closed, the process runs its exit listeners and then kills itself.
 */
export function endWithoutTerminal(): void {
  if (process.platform === "win32") return;
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on("exit", function last(code) {
    if (terminals.every((descriptor) => isatty(descriptor))) return;
    for (const other of process.listeners("exit")) if (other !== last) other(code);
    process.removeAllListeners("SIGHUP");
    process.kill(process.pid, "SIGHUP");
  });
}

/**
 * Runs work that Ctrl-C aborts, and that then still reports. A second signal ends the process. The exit code is that of an interruption,
 * unless it is set afterwards.
 *
 * @param by what aborts it. `abort.reason` is the signal
 */
export async function interruptible<T>(
  work: (abort: AbortSignal) => Promise<T>,
  by: "Ctrl-C" | "any signal" = "Ctrl-C",
): Promise<T> {
  const controller = new AbortController();
  const abort = (signal: Signal) => {
    if (controller.signal.aborted || (by === "Ctrl-C" && signal !== "SIGINT")) return false;
    controller.abort(signal);
    return true;
  };
  try {
    return await withSignals(abort, () => work(controller.signal));
  } finally {
    if (controller.signal.aborted) process.exitCode = EXIT.interrupted;
  }
}

/** Runs work. If a signal ends the process meanwhile, it first prints this text: how far it got, and what to do. */
export async function toldIfEnded<T>(text: () => string, work: () => Promise<T>): Promise<T> {
  const tell = () => process.stderr.write(`${text()}\n`);
  process.on("exit", tell);
  try {
    return await work();
  } finally {
    process.off("exit", tell);
  }
}
