import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** What stands before the text of a line, such as the mark and the name of a check: the text goes on below itself. */
const HANG = /^(?:[✓✗?] (?:\w+ +(?<=^.{10}))?| *(?:- |\d+\. )?)/;
/** A command to copy. A line end in it would run half of it. */
const COMMAND = /^ +(?:aws|aws-mfa|npm|pulumi|export) /;

/** How wide standard output is: as its terminal, or as `COLUMNS` says of where it goes on; `undefined` where nobody knows. */
export function outputWidth(): number | undefined {
  const said = Number(process.env.COLUMNS);
  return process.stdout.columns ?? (Number.isInteger(said) && said > 0 ? said : undefined);
}

/**
 * Text with its lines wrapped between words, where a terminal would break them at its edge. A word that is wider than the terminal, and
 * a command that stands alone in its line, are left to the terminal.
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
  // Colours have no width.
  while (at < line.length && stripVTControlCharacters(line.slice(0, at)) !== head) at++;
  const rows = wrapAnsi(line.slice(at), Math.max(columns - head.length, 1)).split("\n");
  return rows
    .map((row, nth) => `${nth === 0 ? line.slice(0, at) : " ".repeat(head.length)}${row}`)
    .join("\n");
}
