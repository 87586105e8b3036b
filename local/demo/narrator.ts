import { AsyncLocalStorage } from "node:async_hooks";
import pc from "picocolors";
import wrapAnsi from "wrap-ansi";

/** What the demo expected did not happen. */
class NotAsShown extends Error {
  override readonly name = "NotAsShown";
}

type Line = () => string;

const screen: { print(line: Line): void } = { print: (line) => console.log(line()) };
/** Where the lines of what is being played go. */
const place = new AsyncLocalStorage<typeof screen>();

/**
 * Plays it at once, and keeps what it says until `show`, so that it need not be waited for when its turn comes. From then on it speaks
 * for itself. `show` gives or throws what it gives or throws.
 */
export function ahead<T>(play: () => Promise<T>): { show(): Promise<T> } {
  const outer = place.getStore() ?? screen;
  const kept: Line[] = [];
  const own: typeof screen = { print: (line) => void kept.push(line) };
  const played = place.run(own, play);
  // Its failure is told in its turn.
  played.catch(() => {});
  playing.push(played);
  const show = () => {
    for (const line of kept) outer.print(line);
    own.print = (line) => outer.print(line);
    return played;
  };
  return { show };
}

const playing: Promise<unknown>[] = [];

/** When all that is played ahead has ended, however it ends: from then on it makes nothing more. */
export async function settled(): Promise<void> {
  await Promise.allSettled(playing);
}

function print(line: Line): void {
  (place.getStore() ?? screen).print(line);
}

let steps = 0;

export function step(title: string): void {
  print(() => {
    steps += 1;
    return `\n${pc.bold(pc.cyan(`${steps}. ${title}`))}`;
  });
}

export function say(text: string): void {
  print(() => indented(text, "   "));
}

export function quote(text: string): void {
  print(() => pc.dim(indented(text.trimEnd(), "   │ ")));
}

/** A claim and whether it came out; one that did not ends the demo. */
export function proven(claim: string, holds: boolean): void {
  say(`${holds ? pc.green("✔") : pc.red("✘")} ${claim}`);
  if (!holds) throw new NotAsShown(`This step failed: ${claim}`);
}

const WIDTH = 80;
/** What is left of it for what a command prints. */
export const QUOTED_WIDTH = WIDTH - 7;

/** Each line with the margin in front, and no wider than a terminal: what is longer goes on below, further in. */
function indented(text: string, margin: string): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const further = /^ */.exec(line)?.[0] ?? "";
      const wide = WIDTH - margin.length - further.length - 2;
      const words = line.slice(further.length).split(" ");
      const [first = "", ...rest] = wrapAnsi(words.map((word) => broken(word, wide)).join(" "), wide).split(
        "\n",
      );
      return [first, ...rest.map((part) => `  ${part.trimStart()}`)].map((part) =>
        `${margin}${further}${part}`.trimEnd(),
      );
    })
    .join("\n");
}

/** A word that is wider than a line, such as an ARN or a policy, with a space after the last slash, comma or brace that a line has room for. */
function broken(word: string, wide: number): string {
  if (word.length <= wide) return word;
  const lines = [""];
  for (const part of word.split(/(?<=[/,{])/)) {
    const line = `${lines.pop()}${part}`;
    lines.push(...(line.length <= wide ? [line] : [line.slice(0, -part.length), part]));
  }
  return lines.join(" ");
}
