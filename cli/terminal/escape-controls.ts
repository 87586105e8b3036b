import { randomBytes } from "node:crypto";
import pc from "picocolors";
import { wrapWords } from "./wrap";

// Characters that move the cursor, erase, colour, turn the direction, or have no shape.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const UNSEEN_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/**
 * A text in which everything can be seen: what cannot stands as its number, such as `\u001b`, so that a name cannot hide or
 * fake what is printed beside it. In JSON it still means the same.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSEEN, asNumbers);
}

function asNumbers(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}

// Nobody who names a thing can know it.
const [BEGIN, END] = [`\ufdd0${randomBytes(8).toString("hex")}`, "\ufdd1"];
const OWN = new RegExp(`${BEGIN}(.*?)${END}`, "gs");

/** A control sequence of the command itself, for `printable` to let through. */
export function own(sequence: string): string {
  return sequence === "" ? "" : `${BEGIN}${sequence}${END}`;
}

/** What may be printed: all of it is visible but line ends, tabs and the command's own control sequences. */
export function printable(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(UNSEEN_IN_LINES, asNumbers)))
    .join("");
}

/** Text for a program or a file, such as JSON: no line of it is wrapped, whoever looks at it. */
export function asIs(text: string): string {
  return `${AS_IS}${text}`;
}

const AS_IS = `\ufdd2${randomBytes(8).toString("hex")}`;

/**
 * From now on the stream takes only what is printable, and a terminal gets it wrapped between words. Nothing gets to a terminal by
 * another way.
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

/** Colours, where the terminal has them. */
export const style = {
  bold: styled(pc.bold),
  dim: styled(pc.dim),
  red: styled(pc.red),
  yellow: styled(pc.yellow),
  green: styled(pc.green),
};
