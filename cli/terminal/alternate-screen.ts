import { own } from "./escape-controls";
import type { Terminal } from "./terminal";

// The alternate screen of a terminal: what is drawn there is not in its history. https://invisible-island.net/xterm/ctlseqs/
const ENTER = own("\x1b[?1049h\x1b[2J\x1b[H");
const LEAVE = own("\x1b[2J\x1b[H\x1b[?1049l");

/**
 * Shows a secret while `work` runs, on a screen of its own. When it ends, however it ends, what the terminal showed before
 * is back, and the secret is neither on the screen nor in its history.
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
  // A signal ends the process without coming back here. What others say at the end belongs on the screen below.
  process.prependListener("exit", leave);
  terminal.write(`${ENTER}${secret}\n`);
  try {
    return await work();
  } finally {
    leave();
  }
}
