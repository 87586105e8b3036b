import { type Run, type Screen, type Style, textOf } from "./screen";

const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const MARGIN = 16;
const BAR = 32;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** The same on a light and on a dark page. */
const BACKGROUND = "#16181d";
const FOREGROUND = "#d8dbe2";
const MUTED = "#8f98a6";
const BORDER = "#4b5260";
const BLACK = "#000000";
const WHITE = "#ffffff";
const HUES = ["#f47c7c", "#8fce72", "#e6c371", "#76b4ff", "#d5a6ff", "#5fd0dd"];
/** A terminal's 16 colors: black, red, green, yellow, blue, magenta, cyan, white; bright black (gray) and the other bright ones. */
const COLORS = [BLACK, ...HUES, WHITE, MUTED, ...HUES, WHITE];

/**
 * A terminal's screen as an SVG image, with its text as the description. Text stays text, as wide as its cells in any font; block
 * characters become rectangles, so that a QR code has no gaps.
 */
export function svgOf(screen: Screen, title: string): string {
  const width = rounded(screen.columns * CELL.width + 2 * MARGIN);
  const height = rounded(BAR + screen.rows.length * CELL.height + 2 * MARGIN);
  const size = `width="${width}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title text">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="text">${escaped(textOf(screen))}</desc>`,
    `<style>text { font: 14px ${FONT}; white-space: pre; fill: ${FOREGROUND}; }</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${BACKGROUND}" stroke="${BORDER}"/>`,
    `<path d="M0.5 ${BAR}h${width - 1}" stroke="${BORDER}"/>`,
    ...[0, 1, 2].map(
      (dot) => `<circle cx="${MARGIN + 4 + dot * 16}" cy="${BAR / 2}" r="5" fill="${BORDER}"/>`,
    ),
    `<text x="${MARGIN + 56}" y="${BAR / 2 + 5}" style="fill: ${MUTED}">${escaped(title)}</text>`,
    `<g transform="translate(${MARGIN} ${BAR + MARGIN})" shape-rendering="crispEdges">`,
    ...screen.rows.flatMap((row, index) => row.flatMap((run) => elementsOf(run, index * CELL.height))),
    rectangle(
      { ...screen.cursor, length: 1, y: screen.cursor.row * CELL.height + 1, height: CELL.height - 2 },
      MUTED,
    ),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

function elementsOf({ column, text, style }: Run, y: number): string[] {
  const { foreground, background } = style;
  const whole = { column, length: text.length, y, height: CELL.height };
  return [
    ...(background === undefined ? [] : [rectangle(whole, COLORS[background])]),
    ...[...text.matchAll(/▀+|▄+|█+|[^▀▄█]+/g)].flatMap(({ 0: part, index }) => {
      const place = { column: column + index, length: part.length, y, height: CELL.height / 2 };
      const fill = foreground === undefined ? FOREGROUND : COLORS[foreground];
      switch (part[0]) {
        case "▀":
          return rectangle(place, fill);
        case "▄":
          return rectangle({ ...place, y: y + place.height }, fill);
        case "█":
          return rectangle({ ...place, height: CELL.height }, fill);
        default:
          return textElement(part, place.column, y, style);
      }
    }),
  ];
}

function textElement(text: string, column: number, y: number, { foreground, bold, dim }: Style): string[] {
  const visible = text.trim();
  if (visible === "") return [];
  const x = (column + text.indexOf(visible)) * CELL.width;
  const style = [
    ...(foreground === undefined ? [] : [`fill: ${COLORS[foreground]}`]),
    ...(bold ? ["font-weight: bold"] : []),
    ...(dim ? ["fill-opacity: 0.7"] : []),
  ].join("; ");
  const place = `x="${rounded(x)}" y="${rounded(y + CELL.baseline)}" textLength="${rounded(visible.length * CELL.width)}"`;
  return [
    `<text ${place} lengthAdjust="spacingAndGlyphs"${style && ` style="${style}"`}>${escaped(visible)}</text>`,
  ];
}

/** `column` and `length` in cells, `y` and `height` in pixels. */
interface Place {
  readonly column: number;
  readonly length: number;
  readonly y: number;
  readonly height: number;
}

function rectangle({ column, length, y, height }: Place, fill: string | undefined): string {
  const place = `x="${rounded(column * CELL.width)}" y="${rounded(y)}"`;
  return `<rect ${place} width="${rounded(length * CELL.width)}" height="${height}" fill="${fill}"/>`;
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
