import type { AttackClass } from "./class";
import { CLASSES } from "./classes";
import type { Outcome } from "./run";

const INTRODUCTION = `# Attacks

Disks fill up, people press Ctrl-C, machines lose power, and files can come from someone else. Each class below repeats one of these at random
moments and with random input, against the real command or the real engine, and then checks the required result.

\`\`\`sh
npm run attack                                           # all classes, in full
npm run attack -- --class killed --seed 7 --runs 1       # one attack, the same one each time
\`\`\`

It exits with 1 if any check failed, and prints the seed that repeats it. \`npm test\` runs a few attacks of each class. This table is written by
\`npm run attack -- --write\`, from the last full run of each class.

| class | attack | required result | tried | survived | seed |
|---|---|---|--:|--:|--:|
`;

/** The row of a class in `docs/attacks.md`: what was tried, and how often it did no harm. */
export function rowOf(
  { name, attack, holds }: AttackClass,
  { tried, broken }: Outcome,
  seed: number,
): string {
  return `| \`${name}\` | ${attack} | ${holds} | ${tried} | ${tried - broken.length} | ${seed} |`;
}

/**
 * The page `docs/attacks.md`.
 *
 * @param rows of the classes that were run, by name
 * @param before the page as it was, which has the rows of the others
 */
export function attacksPage(rows: ReadonlyMap<string, string>, before: string): string {
  const others = new Map(before.split("\n").map((line) => [/^\| `([^`]+)`/.exec(line)?.[1], line]));
  const lines = CLASSES.flatMap(({ name }) => rows.get(name) ?? others.get(name) ?? []);
  return `${INTRODUCTION}${lines.join("\n")}\n`;
}
