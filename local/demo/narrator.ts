import pc from "picocolors";
import wrapAnsi from "wrap-ansi";

/** What the demo expected did not happen. */
class NotAsShown extends Error {
  override readonly name = "NotAsShown";
}

let steps = 0;

export function step(title: string): void {
  steps += 1;
  console.log(`\n${pc.bold(pc.cyan(`${steps}. ${title}`))}`);
}

export function say(text: string): void {
  console.log(indented(text, "   "));
}

export function quote(text: string): void {
  console.log(pc.dim(indented(text.trimEnd(), "   │ ")));
}

/** A claim and whether it came out; one that did not ends the demo. */
export function proven(claim: string, holds: boolean): void {
  console.log(indented(`${holds ? pc.green("✔") : pc.red("✘")} ${claim}`, "   "));
  if (!holds) throw new NotAsShown(`This step failed: ${claim}`);
}

const WIDTH = 80;

/** Each line with the margin in front, and no wider than a terminal: what is longer goes on below, further in. */
function indented(text: string, margin: string): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const further = /^ */.exec(line)?.[0] ?? "";
      const wide = WIDTH - margin.length - further.length - 2;
      const [first = "", ...rest] = wrapAnsi(line.slice(further.length), wide).split("\n");
      return [first, ...rest.map((part) => `  ${part.trimStart()}`)].map((part) =>
        `${margin}${further}${part}`.trimEnd(),
      );
    })
    .join("\n");
}
