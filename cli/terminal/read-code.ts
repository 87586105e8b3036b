import { Failure } from "../failure";
import { textIn } from "../input";
import { askCode, isCode, plainCode } from "./ask";
import { codeFromDialog } from "./dialog";
import { canAsk, withTerminal } from "./terminal";

/** Far more than two codes. */
const MOST_BYTES = 1024 * 1024;

/** Codes on standard input, one per line, for scripts. Throws Failure (`usage`) unless it contains exactly `count` codes. */
export async function readCodes(count: number): Promise<string[]> {
  const text = await textIn("-", MOST_BYTES);
  const lines = text.split("\n").map(plainCode).filter(Boolean);
  const wrong = lines.flatMap((line, at) =>
    isCode(line) ? [] : `line ${at + 1} has ${line.length} characters`,
  );
  if (lines.length === count && wrong.length === 0) return lines;
  const expected = count === 1 ? "a six-digit code" : `${count} six-digit codes, one per line,`;
  const found = lines.length === count ? wrong.join(", ") : `got ${lines.length}`;
  throw new Failure(
    "usage",
    `Expected ${expected} on standard input: ${found}.`,
    count === 1
      ? "Give the code that the app shows."
      : "Give the codes in the order that the app shows them.",
  );
}

/** One code, from standard input or from the person: on the terminal, else in a window. */
export async function readCode(fromInput: boolean, message: string, instead: string): Promise<string> {
  if (!fromInput) {
    const inWindow = canAsk() ? undefined : await codeFromDialog(message);
    return inWindow ?? withTerminal(instead, (terminal) => askCode(terminal, message));
  }
  const [code = ""] = await readCodes(1);
  return code;
}
