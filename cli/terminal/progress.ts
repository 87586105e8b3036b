import { own, style } from "./escape-controls";

const LINE_START = own("\r\x1b[2K");

/**
 * Runs `work` over many things and shows on a terminal how far it is, in a line that goes away at the end. Nothing is
 * shown where standard error is no terminal.
 *
 * @param work calls `done` after each
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

/** Runs `work` and shows on a terminal what is being done meanwhile, in a line that goes away at the end. */
export function withNotice<T>(what: string, work: () => Promise<T>): Promise<T> {
  return withLine((show) => {
    show(`… ${what}`);
    return work();
  });
}

/** Runs `work`, which shows on a terminal how far it is, in a line that goes away at the end. */
export async function withLine<T>(work: (show: (line: string) => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => {});
  const clear = () => process.stderr.write(LINE_START);
  // A signal ends the process without coming back here.
  process.on("exit", clear);
  try {
    return await work((line) => {
      // A line that wraps could not be taken away.
      const fitting = line.slice(0, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(`${LINE_START}${style.dim(fitting)}`);
    });
  } finally {
    process.off("exit", clear);
    clear();
  }
}
