import pc from "picocolors";

/** Work that takes less than this is not announced. */
const SILENT_MS = 1_000;

/**
 * Runs `work` over many things and shows on a terminal how far it is, in one line that goes away at the end. Nothing is
 * shown where standard error is no terminal.
 *
 * @param work calls `done` after each
 */
export async function withProgress<T>(
  what: string,
  total: number,
  work: (done: () => void) => Promise<T>,
): Promise<T> {
  const { isTTY } = process.stderr;
  const started = Date.now();
  let count = 0;
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write("\r\x1b[2K");
  };
  // A signal ends the process without coming back here.
  process.on("exit", clear);
  try {
    return await work(() => {
      count++;
      if (!isTTY || Date.now() - started < SILENT_MS) return;
      shown = true;
      process.stderr.write(`\r\x1b[2K${pc.dim(`${what}: ${count} of ${total}`)}`);
    });
  } finally {
    process.off("exit", clear);
    clear();
  }
}

/** Runs `work` and shows on a terminal what is being done meanwhile, in a line that goes away at the end. */
export async function withNotice<T>(what: string, work: () => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work();
  const clear = () => process.stderr.write("\r\x1b[2K");
  process.on("exit", clear);
  process.stderr.write(pc.dim(`… ${what}`));
  try {
    return await work();
  } finally {
    process.off("exit", clear);
    clear();
  }
}
