import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { style } from "./escape-controls";

const GAP = 2;
/** So wide the last column, which has the sentences, reads well. */
const ENOUGH = 30;

/**
 * A table without lines. In a narrow terminal the last column gives way, as long as that leaves it enough. Then the widest
 * do, and the last only half as much as the others. Where there is no room for the longest words of all columns, each row is a
 * list of its cells. Only a word that is wider than the terminal is broken.
 *
 * @param columns how wide the terminal is; `undefined` where nothing is to be wrapped
 */
export function table(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const needs = head.map((title, column) => needOf([title, ...cells.map((row) => row[column] ?? "")]));
  const least = needs.reduce((sum, { word }) => sum + word, GAP * (needs.length - 1));
  if (columns !== undefined && least > columns) return lists(head, cells, columns);
  const widths = columns === undefined ? needs.map(({ whole }) => whole) : fitted(needs, columns);
  const line = (row: readonly string[], look: (text: string) => string = (text) => text) =>
    rowOf(row, widths, look);
  return [...line(head, style.bold), ...cells.flatMap((row) => line(row))].join("\n");
}

/** Each row as lines of `title: cell`, and a blank line between rows. */
function lists(head: readonly string[], cells: readonly (readonly string[])[], columns: number): string {
  const INDENT = "  ";
  return cells
    .map((row) =>
      head
        .flatMap((title, column) => {
          const cell = row[column] ?? "";
          if (cell === "") return [];
          const [first = "", ...rest] = wrapped(`${title}: ${cell}`, columns - INDENT.length);
          return [first, ...rest.map((line) => `${INDENT}${line}`)];
        })
        .join("\n"),
    )
    .join("\n\n");
}

/** How wide a column has to be. */
interface Need {
  /** For no line in it to be wrapped. */
  readonly whole: number;
  /** For no word in it to be broken. */
  readonly word: number;
}

function needOf(texts: readonly string[]): Need {
  let [whole, word] = [1, 1];
  for (const line of texts.flatMap((text) => text.split("\n"))) {
    const width = stringWidth(line);
    whole = Math.max(whole, width);
    if (width <= word) continue;
    for (const each of line.split(" ")) word = Math.max(word, stringWidth(each));
  }
  return { whole, word };
}

/** As wide as there is room for the lines, and no narrower than the words. */
function fitted(needs: readonly Need[], columns: number): readonly number[] {
  const room = columns - GAP * (needs.length - 1);
  const last = needs.length - 1;
  const rest = needs.slice(0, last).reduce((left, { whole }) => left - whole, room);
  if (rest >= Math.min(ENOUGH, needs[last]?.whole ?? 0)) {
    return needs.map(({ whole }, column) => (column === last ? Math.min(whole, rest) : whole));
  }
  const within = (lines: number) =>
    needs.map(({ whole, word }, column) =>
      Math.min(whole, Math.max(word, column === last ? 2 * lines : lines)),
    );
  return within(greatest(room, within));
}

/** The greatest number up to `room` for which the widths have room, or 0, which leaves each column its longest word. */
function greatest(room: number, widthsFor: (number: number) => readonly number[]): number {
  const fits = (number: number) => widthsFor(number).reduce((sum, width) => sum + width, 0) <= room;
  let number = 0;
  while (number < room && fits(number + 1)) number += 1;
  return number;
}

function rowOf(
  row: readonly string[],
  widths: readonly number[],
  look: (text: string) => string,
): readonly string[] {
  const lines = widths.map((width, column) => wrapped(row[column] ?? "", width));
  const height = Math.max(...lines.map((each) => each.length));
  return Array.from({ length: height }, (_, index) => {
    const texts = lines.map((each) => each[index] ?? "");
    const end = texts.findLastIndex((text) => text !== "");
    return texts
      .slice(0, end + 1)
      .map((text, column) => {
        const blank = column === end ? 0 : (widths[column] ?? 0) - stringWidth(text) + GAP;
        return `${text === "" ? "" : look(text)}${" ".repeat(blank)}`;
      })
      .join("");
  });
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => {
    if (stringWidth(line) <= width) return [line];
    return wrapAnsi(line, width, { hard: true })
      .split("\n")
      .map((each) => each.trim());
  });
}
