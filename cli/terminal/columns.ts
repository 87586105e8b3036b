import Table from "cli-table3";
import pc from "picocolors";

/** The last column is not made narrower than this, however narrow the terminal is. */
const LEAST_LAST = 30;
const GAP = 2;

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((place) =>
    place === "mid"
      ? [[place, ""]]
      : [place, `${place}-mid`, `${place}-left`, `${place}-right`].map((each) => [each, ""]),
  ),
);

/**
 * A table without lines. The last column gives way where the terminal is narrow.
 *
 * @param columns how wide the terminal is; `undefined` where nothing is to be wrapped
 */
export function inColumns(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const widths = head.map((title, index) =>
    cells.reduce((most, each) => Math.max(most, longestLine(each[index] ?? "") + GAP), title.length + GAP),
  );
  const rest = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  const last = widths.length - 1;
  if (columns !== undefined) {
    widths[last] = Math.min(widths[last] ?? 0, Math.max(LEAST_LAST, columns - rest));
  }
  const table = new Table({
    head: head.map((title) => pc.bold(title)),
    chars: { ...NO_LINES, "mid-mid": "", "left-mid": "", "right-mid": "", middle: "" },
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    colWidths: widths,
    wordWrap: true,
  });
  for (const each of cells) table.push([...each]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function longestLine(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length));
}
