import pc from "picocolors";

/** Shorter work is not shown. */
const SILENT_MS = 2_000;
/** The interval of lines without a terminal. */
const PLAIN_INTERVAL_MS = 15_000;
const TERMINAL_INTERVAL_MS = 200;

/**
 * Runs `work` and, after two seconds, shows its name and the elapsed time on standard error: on a terminal one updated line, elsewhere a
 * line every 15 seconds.
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
