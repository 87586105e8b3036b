import { askCode } from "../terminal/ask";
import type { Terminal } from "../terminal/terminal";
import type { Verdict } from "./codes";

export type Codes = readonly [first: string, second: string];

/**
 * Asks for two codes that follow each other, and again with the reason while they cannot be right.
 *
 * @param judge compares them with what is known of the device
 */
export async function askCodes(terminal: Terminal, judge: (codes: Codes) => Verdict): Promise<Codes> {
  for (let hint = ""; ; ) {
    const first = await askCode(terminal, `${hint}1 of 2  Code shown by the app:`);
    const second = await askCode(terminal, "2 of 2  Next code, within 30 seconds:");
    const verdict = judge([first, second]);
    if (verdict.kind === "good") return [first, second];
    hint = `${verdict.reason}\n`;
  }
}
