import { type Look, type Piece, type Screen, textOf } from "./screen";

const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const MARGIN = 16;
const BAR = 32;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** A dark window has the same colours on a light page and on a dark one. */
const PAPER = "#16181d";
const INK = "#d8dbe2";
const MUTED = "#8f98a6";
const EDGE = "#4b5260";
const BLACK = "#000000";
const WHITE = "#ffffff";
const HUES = ["#f47c7c", "#8fce72", "#e6c371", "#76b4ff", "#d5a6ff", "#5fd0dd"];
/** A terminal's 16: black, red, green, yellow, blue, magenta, cyan, white, and the bright ones, of which black is grey. */
const COLOURS = [BLACK, ...HUES, WHITE, MUTED, ...HUES, WHITE];

/**
 * A terminal's screen as an SVG picture. Text stays text, and is as wide as its cells in any font; half-block characters are
 * drawn as rectangles, so that a QR code has no gaps. Its description is the screen's text, for who cannot see it.
 */
export function svgOf(screen: Screen, title: string): string {
  const width = tidy(screen.columns * CELL.width + 2 * MARGIN);
  const height = tidy(BAR + screen.rows.length * CELL.height + 2 * MARGIN);
  const size = `width="${width}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title text">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="text">${escaped(textOf(screen))}</desc>`,
    `<style>text { font: 14px ${FONT}; white-space: pre; fill: ${INK}; }</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${PAPER}" stroke="${EDGE}"/>`,
    `<path d="M0.5 ${BAR}h${width - 1}" stroke="${EDGE}"/>`,
    ...[0, 1, 2].map((dot) => `<circle cx="${MARGIN + 4 + dot * 16}" cy="${BAR / 2}" r="5" fill="${EDGE}"/>`),
    `<text x="${MARGIN + 56}" y="${BAR / 2 + 5}" style="fill: ${MUTED}">${escaped(title)}</text>`,
    `<g transform="translate(${MARGIN} ${BAR + MARGIN})" shape-rendering="crispEdges">`,
    ...screen.rows.flatMap((row, index) => row.flatMap((piece) => drawn(piece, index * CELL.height))),
    cursor(screen),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

function drawn({ column, text, look }: Piece, y: number): string[] {
  const paper = look.paper === undefined ? [] : [box(column, text.length, y, CELL.height, paperOf(look))];
  return [
    ...paper,
    ...[...text.matchAll(/[▀▄█]+|[^▀▄█]+/g)].flatMap(({ 0: part, index }) =>
      /^[▀▄█]/.test(part) ? blocks(part, column + index, y, look) : words(part, column + index, y, look),
    ),
  ];
}

/** Rectangles for the same block beside each other. */
function blocks(text: string, column: number, y: number, look: Look): string[] {
  const half = CELL.height / 2;
  return [...text.matchAll(/▀+|▄+|█+/g)].map(({ 0: part, index }) => {
    const top = part.startsWith("▄") ? y + half : y;
    return box(column + index, part.length, top, part.startsWith("█") ? CELL.height : half, inkOf(look));
  });
}

function words(text: string, column: number, y: number, look: Look): string[] {
  const visible = text.trim();
  if (visible === "") return [];
  const x = (column + text.indexOf(visible)) * CELL.width;
  const style = [
    ...(look.ink === undefined ? [] : [`fill: ${inkOf(look)}`]),
    ...(look.bold ? ["font-weight: bold"] : []),
    ...(look.dim ? ["fill-opacity: 0.7"] : []),
  ].join("; ");
  const place = `x="${tidy(x)}" y="${tidy(y + CELL.baseline)}" textLength="${tidy(visible.length * CELL.width)}"`;
  return [
    `<text ${place} lengthAdjust="spacingAndGlyphs"${style && ` style="${style}"`}>${escaped(visible)}</text>`,
  ];
}

function cursor({ cursor: { column, row } }: Screen): string {
  const y = tidy(row * CELL.height + 1);
  return `<rect x="${tidy(column * CELL.width)}" y="${y}" width="${CELL.width}" height="${CELL.height - 2}" fill="${MUTED}"/>`;
}

function box(column: number, length: number, y: number, height: number, fill: string): string {
  const place = `x="${tidy(column * CELL.width)}" y="${tidy(y)}"`;
  return `<rect ${place} width="${tidy(length * CELL.width)}" height="${height}" fill="${fill}"/>`;
}

function inkOf({ ink }: Look): string {
  return (ink === undefined ? undefined : COLOURS[ink]) ?? INK;
}

function paperOf({ paper }: Look): string {
  return (paper === undefined ? undefined : COLOURS[paper]) ?? PAPER;
}

function tidy(length: number): number {
  return Math.round(length * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
