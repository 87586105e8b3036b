import { own } from "./escape-controls";
import type { Terminal } from "./terminal";

// The alternate screen of a terminal, which is not in its history. https://invisible-island.net/xterm/ctlseqs/
const ENTER = own("\x1b[?1049h\x1b[2J\x1b[H");
const LEAVE = own("\x1b[2J\x1b[H\x1b[?1049l");

/**
 * Shows a secret on the alternate screen while `work` runs. Afterwards the previous screen is back, and the secret is neither on it nor
 * in its history.
 */
export async function withAlternateScreen<T>(
  terminal: Terminal,
  secret: string,
  work: () => Promise<T>,
): Promise<T> {
  const leave = () => {
    process.off("exit", leave);
    terminal.write(LEAVE);
  };
  // If a signal ends the process, `finally` does not run. Messages of other listeners belong on the previous screen.
  process.prependListener("exit", leave);
  terminal.write(`${ENTER}${secret}\n`);
  try {
    return await work();
  } finally {
    leave();
  }
}
