import { AsyncLocalStorage } from "node:async_hooks";
import pc from "picocolors";
import wrapAnsi from "wrap-ansi";

type Line = () => string;

const screen: { print(line: Line): void } = { print: (line) => console.log(line()) };
/** Where the current step prints. */
const place = new AsyncLocalStorage<typeof screen>();

/**
 * Starts a step at once and holds its output back until `show`, which prints it, and from then on prints directly. `show` returns or throws
 * what the step does.
 */
export function ahead<T>(run: () => Promise<T>): { show(): Promise<T> } {
  const outer = place.getStore() ?? screen;
  const kept: Line[] = [];
  const own: typeof screen = { print: (line) => void kept.push(line) };
  const result = place.run(own, run);
  // `show` throws its error.
  result.catch(() => {});
  running.push(result);
  const show = () => {
    for (const line of kept) outer.print(line);
    own.print = (line) => outer.print(line);
    return result;
  };
  return { show };
}

const running: Promise<unknown>[] = [];

/** Waits until all steps that were started ahead have ended, whatever their results. */
export async function settled(): Promise<void> {
  await Promise.allSettled(running);
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

/** Prints a claim and whether it holds. Throws if it does not. */
export function check(claim: string, holds: boolean): void {
  say(`${holds ? pc.green("✔") : pc.red("✘")} ${claim}`);
  if (!holds) throw new Error(`This step failed: ${claim}`);
}

const WIDTH = 80;
/** The width of a quoted command's output. */
export const QUOTED_WIDTH = WIDTH - 7;

/** Wraps each line to the terminal's width, behind the margin and with continuation lines indented. */
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

/** Breaks a word that is wider than a line, such as an ARN or a policy, after slashes, commas and braces. */
function broken(word: string, wide: number): string {
  if (word.length <= wide) return word;
  const lines = [""];
  for (const part of word.split(/(?<=[/,{])/)) {
    const line = `${lines.pop()}${part}`;
    lines.push(...(line.length <= wide ? [line] : [line.slice(0, -part.length), part]));
  }
  return lines.join(" ");
}
