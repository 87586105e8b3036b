import { toBuffer, toString as toText } from "qrcode";
import { Failure, reasonOf, systemCode } from "../failure";
import { createFile } from "../replace-file";
import { own, printable } from "../terminal/escape-controls";
import type { Terminal } from "../terminal/terminal";
import { wrapWords } from "../terminal/wrap";

/** Less redundancy makes a smaller code, which fits into a terminal of 24 lines. */
const SMALL = { errorCorrectionLevel: "L" } as const;
/** What stands below the code: the question, and what was wrong with the answer. */
const LINES_BELOW = 2;

/**
 * What an authenticator app reads from the code, in the form of AWS's own.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html
 */
export function enrollmentUri(serial: string, seed: string): string {
  const [, , , , account = "", resource = ""] = serial.split(":");
  // Of a further device with its user's name, which tells it from other users' backups.
  const name = resource.slice(resource.indexOf("/") + 1);
  return `otpauth://totp/${encodeURIComponent(`${name}@${account}`)}?secret=${seed}`;
}

/** The code as lines of text. Throws Failure (`terminal`) where the terminal is too small to show it whole. */
export async function drawnFor(terminal: Terminal, uri: string): Promise<string> {
  const drawing = (await toText(uri, { ...SMALL, type: "terminal", small: true })).trimEnd();
  const lines = drawing.split("\n");
  const height = lines.length + LINES_BELOW;
  const width = Math.max(...lines.map((line) => visibleLength(line)));
  const { columns, rows } = terminal;
  if (columns >= width && rows >= height) return drawing;
  throw new Failure(
    "terminal",
    `The terminal has ${columns} columns and ${rows} rows; the QR code needs ${width} and ${height}.`,
    "Enlarge it, or write the QR code to a file with --png FILE.",
  );
}

/** So wide a text beside the code reads well. */
const ENOUGH = 24;
const GAP = 2;

/**
 * The code with a text to its right, or above it where the terminal is narrow and high. Where there is room for neither, the code alone:
 * whoever asked for it knows what it is.
 */
export function beside(drawing: string, text: readonly string[], { columns, rows }: Terminal): string {
  const lines = drawing.split("\n");
  const width = Math.max(...lines.map(visibleLength));
  const right = columns - width - GAP;
  if (right >= ENOUGH) {
    const wrapped = wrapWords(printable(text.join("\n")), right).split("\n");
    return lines
      .map((line, at) => {
        const gap = " ".repeat(width - visibleLength(line) + GAP);
        return `${own(line)}${wrapped[at] ? own(`${gap}${wrapped[at]}`) : ""}`;
      })
      .join("\n");
  }
  const above = wrapWords(printable(text.join("\n")), columns);
  const isHigh = above.split("\n").length + lines.length + LINES_BELOW <= rows;
  return isHigh ? `${own(above)}\n${own(drawing)}` : own(drawing);
}

/**
 * Writes the code as a picture that nobody else on this computer can read. It never replaces a file.
 *
 * @throws Failure (`file`) where it cannot be written
 */
export async function writePicture(path: string, uri: string): Promise<void> {
  const picture = await toBuffer(uri, { ...SMALL, type: "png", scale: 8 });
  try {
    await createFile(path, picture);
  } catch (error) {
    if (systemCode(error) === "EEXIST") {
      throw new Failure("file", `${path} already exists.`, "Choose another file name.");
    }
    throw new Failure(
      "file",
      `${path} cannot be written: ${reasonOf(error)}.`,
      "Choose a file in a folder you can write to.",
    );
  }
}

function visibleLength(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  return line.replaceAll(/\x1b\[[0-9;]*m/g, "").length;
}
