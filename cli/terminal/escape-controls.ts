import { randomBytes } from "node:crypto";
import pc from "picocolors";
import { wrapWords } from "./wrap";

// Characters that move the cursor, erase, color, change the direction of text, or are invisible.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const INVISIBLE_IN_LINE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/**
 * The text with invisible characters as escapes, such as `\u001b`, so that a name cannot hide or fake the text around it. JSON keeps its
 * meaning.
 */
export function escapeControls(text: string): string {
  return text.replace(INVISIBLE, asEscapes);
}

function asEscapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}

// Random, so that no name can contain it.
const [BEGIN, END] = [`\ufdd0${randomBytes(8).toString("hex")}`, "\ufdd1"];
const OWN = new RegExp(`${BEGIN}(.*?)${END}`, "gs");

/** A control sequence of the command itself, which `printable` keeps. */
export function own(sequence: string): string {
  return sequence === "" ? "" : `${BEGIN}${sequence}${END}`;
}

/** The text for output: escaped, except for line ends, tabs and the command's own control sequences. */
export function printable(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(INVISIBLE_IN_LINE, asEscapes)))
    .join("");
}

/** Marks text for a program or a file, such as JSON: it is never wrapped. */
export function asIs(text: string): string {
  return `${AS_IS}${text}`;
}

const AS_IS = `\ufdd2${randomBytes(8).toString("hex")}`;

/**
 * From now on the stream escapes its text, and wraps it between words on a terminal. Everything goes to a terminal this way.
 */
export function printOnlyVisible(stream: NodeJS.WriteStream): void {
  const shown = (text: string) => {
    if (text.startsWith(AS_IS)) return printable(text.slice(AS_IS.length));
    return stream.isTTY && stream.columns > 0 ? wrapWords(printable(text), stream.columns) : printable(text);
  };
  stream.write = new Proxy(stream.write, {
    apply: (write, self, [chunk, ...rest]) =>
      Reflect.apply(write, self, [typeof chunk === "string" ? shown(chunk) : chunk, ...rest]),
  });
}

function styled(look: (text: string) => string): (text: string) => string {
  const [begin = "", end = ""] = look("\0").split("\0");
  return (text) => `${own(begin)}${text}${own(end)}`;
}

/** Styles, if the terminal supports them. */
export const style = {
  bold: styled(pc.bold),
  dim: styled(pc.dim),
  red: styled(pc.red),
  yellow: styled(pc.yellow),
  green: styled(pc.green),
};
