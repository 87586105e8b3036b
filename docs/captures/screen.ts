import { isDeepStrictEqual } from "node:util";
import type { IBuffer, IBufferCell } from "@xterm/headless";

/** How a cell is drawn. A color is an index of the terminal's 16, `undefined` the terminal's default. */
export interface Style {
  readonly foreground: number | undefined;
  readonly background: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Adjacent cells of the same style. */
export interface Run {
  readonly column: number;
  /** One character for each cell. */
  readonly text: string;
  readonly style: Style;
}

export interface Screen {
  readonly columns: number;
  readonly rows: readonly (readonly Run[])[];
  readonly cursor: { readonly column: number; readonly row: number };
}

/** Replaces parts of a line without changing its length. */
export type Normalize = (line: string) => string;

/**
 * What a terminal shows, scrolled lines too, down to its last line that is not blank or has the cursor.
 *
 * @throws Error if `normalize` changes a line's length, or a cell has more than one character or a color beyond the 16
 */
export function screenOf(buffer: IBuffer, columns: number, normalize: Normalize): Screen {
  const lines = Array.from({ length: buffer.length }, (_, row) => cellsOf(buffer, row, columns));
  const cursor = { column: buffer.cursorX, row: buffer.baseY + buffer.cursorY };
  const last = lines.findLastIndex((cells) =>
    cells.some(({ text, style }) => text !== " " || style.background),
  );
  const shown = lines.slice(0, Math.max(last, cursor.row) + 1);
  const rows: Cell[][] = [];
  // A line that is wrapped over several rows is normalized as one.
  for (let first = 0; first < shown.length; ) {
    let next = first + 1;
    while (next < shown.length && buffer.getLine(next)?.isWrapped === true) next++;
    rows.push(...normalized(shown.slice(first, next), normalize));
    first = next;
  }
  return { columns, rows: rows.map(runsOf), cursor };
}

/** The text of the screen, without block characters and the blanks at the end of lines. */
export function textOf({ rows }: Screen): string {
  const lines = rows.map((row) => row.map(({ text }) => text).join(""));
  return lines
    .map((line) => (/[▀▄█]/.test(line) ? line.replace(/^.*[▀▄█]/, "").trim() : line.trimEnd()))
    .join("\n")
    .trim();
}

interface Cell {
  readonly text: string;
  readonly style: Style;
}

function cellsOf(buffer: IBuffer, row: number, columns: number): Cell[] {
  const line = buffer.getLine(row);
  return Array.from({ length: columns }, (_, column) => {
    const cell = line?.getCell(column);
    return { text: cell?.getChars() || " ", style: styleOf(cell) };
  });
}

function styleOf(cell: IBufferCell | undefined): Style {
  if (cell === undefined) return { foreground: undefined, background: undefined, bold: false, dim: false };
  return {
    foreground: colorOf(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor()),
    background: colorOf(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
  };
}

function colorOf(isDefault: boolean, isPalette: boolean, index: number): number | undefined {
  if (isDefault) return undefined;
  if (isPalette && index < 16) return index;
  throw new Error(`Expected one of a terminal's 16 colors, got the color ${index}.`);
}

function normalized(rows: readonly Cell[][], normalize: Normalize): Cell[][] {
  const cells = rows.flat();
  const before = cells.map(({ text }) => text).join("");
  const after = normalize(before);
  if (before.length !== cells.length || after.length !== cells.length) {
    throw new Error(`Expected one character for each cell, got: ${after}`);
  }
  let index = 0;
  return rows.map((row) => row.map(({ style }) => ({ text: after.charAt(index++), style })));
}

function runsOf(cells: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  for (const [column, { text, style }] of cells.entries()) {
    const last = runs.at(-1);
    if (last && isDeepStrictEqual(last.style, style)) {
      runs.splice(-1, 1, { ...last, text: last.text + text });
    } else runs.push({ column, text, style });
  }
  return runs;
}
