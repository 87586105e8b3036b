import pc from "picocolors";

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
  console.log(`   ${holds ? pc.green("✔") : pc.red("✘")} ${claim}`);
  if (!holds) throw new NotAsShown(`This did not come out as it should: ${claim}`);
}

function indented(text: string, margin: string): string {
  return text
    .split("\n")
    .map((line) => `${margin}${line}`.trimEnd())
    .join("\n");
}
