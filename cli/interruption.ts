import { isatty } from "node:tty";
import { EXIT } from "./failure";

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
export type Signal = keyof typeof NUMBERS;
const ALL: readonly Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What a signal does instead of ending the process; gives whether it does. */
let instead: ((signal: Signal) => boolean) | undefined;

/** Ends the process on a signal, unless what runs takes it. */
export function endOnSignals(): void {
  for (const signal of ALL) {
    process.on(signal, () => {
      if (!instead?.(signal)) process.exit(128 + NUMBERS[signal]);
    });
  }
}

/** Runs work that takes every signal itself, however often it comes. */
export async function withSignals<T>(take: (signal: Signal) => void, work: () => Promise<T>): Promise<T> {
  instead = (signal) => {
    take(signal);
    return true;
  };
  try {
    return await work();
  } finally {
    instead = undefined;
  }
}

/** For whoever finds that the terminal is gone: the signal says so only to some of the processes that belonged to it. */
export function hangUp(): void {
  process.emit("SIGHUP", "SIGHUP");
}

/**
 * Node sets its terminal back at the end, and where that is gone it aborts, with a core dump that holds all that the
 * process knew. So where one is gone that was there now, the process does what is to be done at the end and then ends itself.
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
 * Runs work that Ctrl-C stops and that still has something to say then. Whoever presses it again ends the process.
 * The command ends as interrupted then, unless it says otherwise afterwards.
 *
 * @param by what stops it: Ctrl-C alone, or any signal. `abort.reason` is the signal
 */
export async function interruptible<T>(
  work: (abort: AbortSignal) => Promise<T>,
  by: "Ctrl-C" | "any signal" = "Ctrl-C",
): Promise<T> {
  const controller = new AbortController();
  instead = (signal) => {
    if (controller.signal.aborted || (by === "Ctrl-C" && signal !== "SIGINT")) return false;
    controller.abort(signal);
    return true;
  };
  try {
    return await work(controller.signal);
  } finally {
    instead = undefined;
    if (controller.signal.aborted) process.exitCode = EXIT.interrupted;
  }
}

/** Runs work during which a signal that ends the process makes it say something first: how far it came, and what to do. */
export async function toldIfEnded<T>(text: () => string, work: () => Promise<T>): Promise<T> {
  const say = () => process.stderr.write(`${text()}\n`);
  process.on("exit", say);
  try {
    return await work();
  } finally {
    process.off("exit", say);
  }
}
