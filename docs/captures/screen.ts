import type { IBuffer, IBufferCell } from "@xterm/headless";

/** How the cells of a piece of a line look. Colours are indexes of the terminal's 16, `undefined` its own. */
export interface Look {
  readonly ink: number | undefined;
  readonly paper: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Cells beside each other that look the same. */
export interface Piece {
  readonly column: number;
  /** One character for each cell. */
  readonly text: string;
  readonly look: Look;
}

export interface Screen {
  readonly columns: number;
  readonly rows: readonly (readonly Piece[])[];
  readonly cursor: { readonly column: number; readonly row: number };
}

/** Puts other text in the place of some of a line's. What it gives has the same length. */
export type Retouch = (line: string) => string;

/**
 * What a terminal shows, down to its last line that is not blank or holds the cursor.
 *
 * @throws Error where `retouch` changes a line's length, or a cell has more than one character or none of the 16 colours
 */
export function screenOf(buffer: IBuffer, columns: number, retouch: Retouch): Screen {
  const lines = Array.from({ length: buffer.length }, (_, index) => cellsOf(buffer, index, columns));
  const cursor = { column: buffer.cursorX, row: buffer.baseY + buffer.cursorY };
  const written = lines.findLastIndex((cells) => cells.some(({ text, look }) => text !== " " || look.paper));
  const shown = lines.slice(0, Math.max(written, cursor.row) + 1);
  const rows: Cell[][] = [];
  // A line that goes on in the next row is one line for who reads it.
  for (let first = 0; first < shown.length; ) {
    let next = first + 1;
    while (next < shown.length && buffer.getLine(next)?.isWrapped === true) next++;
    rows.push(...retouched(shown.slice(first, next), retouch));
    first = next;
  }
  return { columns, rows: rows.map(pieces), cursor };
}

/** The text of the screen, without what is drawn with blocks and the blanks at the end of lines. */
export function textOf({ rows }: Screen): string {
  const lines = rows.map((row) => row.map(({ text }) => text).join(""));
  return lines
    .map((line) => (/[▀▄█]/.test(line) ? line.replace(/^.*[▀▄█]/, "").trim() : line.trimEnd()))
    .join("\n")
    .trim();
}

interface Cell {
  readonly text: string;
  readonly look: Look;
}

function cellsOf(buffer: IBuffer, row: number, columns: number): Cell[] {
  const line = buffer.getLine(row);
  return Array.from({ length: columns }, (_, column) => {
    const cell = line?.getCell(column);
    return { text: cell?.getChars() || " ", look: lookOf(cell) };
  });
}

function lookOf(cell: IBufferCell | undefined): Look {
  if (cell === undefined) return { ink: undefined, paper: undefined, bold: false, dim: false };
  const ink = colour(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor());
  const paper = colour(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor());
  return { ink, paper, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
}

function colour(byDefault: boolean, fromPalette: boolean, index: number): number | undefined {
  if (byDefault) return undefined;
  if (fromPalette && index < 16) return index;
  throw new Error(`a cell has the colour ${index}; drawn are a terminal's 16`);
}

function retouched(rows: readonly Cell[][], retouch: Retouch): Cell[][] {
  const before = rows.map((cells) => cells.map(({ text }) => text).join("")).join("");
  const after = retouch(before);
  const length = rows.reduce((sum, cells) => sum + cells.length, 0);
  if (before.length !== length || after.length !== length) {
    throw new Error(`not one character for each cell: ${after}`);
  }
  let place = 0;
  return rows.map((cells) => cells.map(({ look }) => ({ text: after.charAt(place++), look })));
}

function pieces(cells: readonly Cell[]): Piece[] {
  const all: Piece[] = [];
  for (const [column, { text, look }] of cells.entries()) {
    const last = all.at(-1);
    if (last && same(last.look, look)) all[all.length - 1] = { ...last, text: last.text + text };
    else all.push({ column, text, look });
  }
  return all;
}

function same(one: Look, other: Look): boolean {
  return (
    one.ink === other.ink && one.paper === other.paper && one.bold === other.bold && one.dim === other.dim
  );
}
