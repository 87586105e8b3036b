import { own, style } from "./escape-controls";

const LINE_START = own("\r\x1b[2K");

/**
 * Runs `work` on many items and shows its progress, in a line that is removed at the end. Shows nothing if standard error is not a
 * terminal.
 *
 * @param work calls `done` after each item
 */
export async function withProgress<T>(
  what: string,
  total: number,
  work: (done: () => void) => Promise<T>,
): Promise<T> {
  let count = 0;
  return withLine((show) => {
    const tell = () => show(`${what}: ${count} of ${total}`);
    tell();
    return work(() => {
      count++;
      tell();
    });
  });
}

/** Runs `work` and shows what it is doing, in a line that is removed at the end. */
export function withNotice<T>(what: string, work: () => Promise<T>): Promise<T> {
  return withLine((show) => {
    show(`… ${what}`);
    return work();
  });
}

/** Runs `work`, which shows its progress in a line that is removed at the end. */
export async function withLine<T>(work: (show: (line: string) => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => {});
  const clear = () => process.stderr.write(LINE_START);
  // If a signal ends the process, `finally` does not run.
  process.on("exit", clear);
  try {
    return await work((line) => {
      // A wrapped line could not be removed.
      const fitting = line.slice(0, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(`${LINE_START}${style.dim(fitting)}`);
    });
  } finally {
    process.off("exit", clear);
    clear();
  }
}
