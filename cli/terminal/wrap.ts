import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** The beginning of a line, such as the mark and the name of a check. Wrapped lines are indented by its width. */
const HANG = /^(?:[✓✗?] (?:\w+ +(?<=^.{10}))?| *(?:- |\d+\. )?)/;
/** A command to copy. Pasted with a line end in it, half of it would run. */
const COMMAND = /^ +(?:aws|aws-mfa|npm|pulumi|export) /;

/** The width of standard output: that of its terminal, or `COLUMNS`; `undefined` if unknown. */
export function outputWidth(): number | undefined {
  const said = Number(process.env.COLUMNS);
  return process.stdout.columns ?? (Number.isInteger(said) && said > 0 ? said : undefined);
}

/**
 * Wraps lines between words, which a terminal would break at its edge. A word that is wider than the terminal stays whole, and so does
 * a line with only a command.
 */
export function wrapWords(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (stringWidth(line) <= columns ? line : wrapped(line, columns)))
    .join("\n");
}

function wrapped(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  if (COMMAND.test(plain)) return line;
  const head = HANG.exec(plain)?.[0] ?? "";
  let at = 0;
  // Colors have no width.
  while (at < line.length && stripVTControlCharacters(line.slice(0, at)) !== head) at++;
  const rows = wrapAnsi(line.slice(at), Math.max(columns - head.length, 1)).split("\n");
  return rows
    .map((row, nth) => `${nth === 0 ? line.slice(0, at) : " ".repeat(head.length)}${row}`)
    .join("\n");
}
