import { askCode } from "../terminal/ask";
import type { Terminal } from "../terminal/terminal";
import type { Codes } from "./codes";

/**
 * Asks for two consecutive codes, and again with the reason while they are wrong.
 *
 * @param mistake says what is wrong with two codes, or nothing
 */
export async function askCodes(
  terminal: Terminal,
  mistake: (codes: Codes) => string | undefined,
): Promise<Codes> {
  for (let hint = ""; ; ) {
    const first = await askCode(terminal, `${hint}1 of 2  Code shown by the app:`);
    const second = await askCode(terminal, "2 of 2  Next code, within 30 seconds:");
    const wrong = mistake([first, second]);
    if (wrong === undefined) return [first, second];
    hint = `${wrong}\n`;
  }
}
