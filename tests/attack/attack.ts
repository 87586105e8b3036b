import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CLASSES } from "./classes";
import { attacksPage, rowOf } from "./page";
import { attacked } from "./run";

// `npm run attack`: makes the attacks of every class, or of one, and says how many were survived.

const PAGE = join(__dirname, "../../docs/attacks.md");

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      class: { type: "string" },
      seed: { type: "string" },
      runs: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const seed = number(values.seed) ?? Date.now() % 1_000_000_000;
  const classes = CLASSES.filter(({ name }) => values.class === undefined || name === values.class);
  if (classes.length === 0) {
    throw new Error(`--class is one of ${CLASSES.map(({ name }) => name).join(", ")}; got ${values.class}.`);
  }
  if (values.write && values.runs !== undefined) {
    throw new Error("--write is for full runs: leave --runs out.");
  }
  const rows = new Map<string, string>();
  let survived = true;
  for (const each of classes) {
    const outcome = await attacked(each, number(values.runs) ?? each.runs.full, seed);
    rows.set(each.name, rowOf(each, outcome, seed));
    survived &&= outcome.broken.length === 0;
    console.log(`${each.name}: ${outcome.tried} tried, ${outcome.tried - outcome.broken.length} survived`);
    for (const { seed, what } of outcome.broken) console.log(`  --seed ${seed} --runs 1: ${what}`);
  }
  console.log(`seed ${seed}`);
  if (values.write) writeFileSync(PAGE, attacksPage(rows, readFileSync(PAGE, "utf8")));
  process.exitCode = survived ? 0 : 1;
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new Error(`Expected a whole number, got ${text}.`);
}

void main();
