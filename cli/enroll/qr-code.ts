import { stripVTControlCharacters } from "node:util";
import { toBuffer, toString as toText } from "qrcode";
import { Failure, reasonOf, systemCode } from "../failure";
import { createFile } from "../replace-file";
import { own, printable } from "../terminal/escape-controls";
import type { Terminal } from "../terminal/terminal";
import { wrapWords } from "../terminal/wrap";

/** With less redundancy the code is smaller, and fits into a terminal of 24 lines. */
const SMALL = { errorCorrectionLevel: "L" } as const;
/** Below the code are the question and what was wrong with the last answer. */
const LINES_BELOW = 2;

/**
 * The URI in the QR code, in the form of AWS's own.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html
 */
export function enrollmentUri(serial: string, seed: string): string {
  const [, , , , account = "", resource = ""] = serial.split(":");
  // A further device's name includes its user's, to distinguish it from other users' backups.
  const name = resource.slice(resource.indexOf("/") + 1);
  return `otpauth://totp/${encodeURIComponent(`${name}@${account}`)}?secret=${seed}`;
}

/** The QR code as lines of text. Throws Failure (`terminal`) if the terminal is too small for it. */
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

/** The least width for a text beside the code. */
const LEAST_WIDTH = 24;
const GAP = 2;

/**
 * The code with a text to its right, or above it if the terminal is narrow and high. Without room for either, the code alone: the person
 * who asked for it knows what it is.
 */
export function beside(drawing: string, text: readonly string[], { columns, rows }: Terminal): string {
  const lines = drawing.split("\n");
  const width = Math.max(...lines.map(visibleLength));
  const right = columns - width - GAP;
  if (right >= LEAST_WIDTH) {
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
 * Writes the code as a picture that nobody else on this computer can read. Never replaces a file.
 *
 * @throws Failure (`file`) if it cannot be written
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

const visibleLength = (line: string) => stripVTControlCharacters(line).length;
