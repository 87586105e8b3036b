import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { style } from "./escape-controls";

const GAP = 2;
/** The last column has sentences, which are readable at this width. */
const ENOUGH = 30;
const INDENT = "  ";

/**
 * A table without lines. In a narrow terminal the last column is narrowed first, down to `ENOUGH`. Then the widest columns are, the last
 * one half as much as the others. If the longest words of all columns do not fit side by side, each row is a list of its cells. Only a
 * word that is wider than the terminal is broken.
 *
 * @param columns the terminal's width; `undefined` for no wrapping
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

/** Each row as lines of `title: cell`, with a blank line between rows. */
function lists(head: readonly string[], cells: readonly (readonly string[])[], columns: number): string {
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

/** The width of a column at which no line is wrapped (`whole`), and at which no word is broken. */
interface Need {
  readonly whole: number;
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

/** The widths of the columns in this room, each at least that of its longest word. */
function fitted(needs: readonly Need[], columns: number): readonly number[] {
  const room = columns - GAP * (needs.length - 1);
  const last = needs.length - 1;
  const rest = needs.slice(0, last).reduce((left, { whole }) => left - whole, room);
  if (rest >= Math.min(ENOUGH, needs[last]?.whole ?? 0)) {
    return needs.map(({ whole }, column) => (column === last ? Math.min(whole, rest) : whole));
  }
  const within = (width: number) =>
    needs.map(({ whole, word }, column) =>
      Math.min(whole, Math.max(word, column === last ? 2 * width : width)),
    );
  const fits = (width: number) => within(width).reduce((sum, each) => sum + each, 0) <= room;
  let width = 0;
  while (width < room && fits(width + 1)) width++;
  return within(width);
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
