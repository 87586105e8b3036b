import pc from "picocolors";

/** Work that takes less than this is not announced. */
const SILENT_MS = 2_000;
/** How often a line is printed where there is no terminal to rewrite one. */
const PLAIN_INTERVAL_MS = 15_000;
const TERMINAL_INTERVAL_MS = 200;

/**
 * Runs `work` and, once it takes more than two seconds, shows what is being done and for how long: a line that is
 * rewritten on a terminal, a line every 15 seconds elsewhere. The lines go to standard error.
 */
export async function withProgress<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const terminal = process.stderr.isTTY === true;
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const show = () =>
    terminal
      ? process.stderr.write(`\r\x1b[2K${pc.dim(`… ${what} (${elapsed()})`)}`)
      : process.stderr.write(`… ${what} (${elapsed()})\n`);

  let shown = false;
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    shown = true;
    show();
    repeat = setInterval(show, terminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS);
  }, SILENT_MS);

  let outcome = "failed";
  try {
    const result = await work();
    outcome = "done";
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(repeat);
    if (shown) {
      process.stderr.write(
        `${terminal ? "\r\x1b[2K" : ""}${pc.dim(`… ${what}: ${outcome}, ${elapsed()}`)}\n`,
      );
    }
  }
}
