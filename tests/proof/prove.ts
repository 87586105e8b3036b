import { parseArgs } from "node:util";
import fc from "fast-check";
import { randomFrom } from "../random";
import { compareGuard, compareTrust, compareUnknown, newTally, type Tally } from "./differential";
import { guardDocument, trustDocument } from "./documents";
import { proveTemplates } from "./templates";

/** Compares this many random documents, half of them trust policies, with the evaluator. */
export async function prove(
  count: number,
  seed: number,
  progress: (tally: Tally) => void = () => {},
): Promise<Tally> {
  const tally = newTally();
  const pick = randomFrom(seed);
  const chunk = 1000;
  for (let done = 0; done < count; done += chunk) {
    const size = Math.ceil(Math.min(chunk, count - done) / 2);
    for (const document of fc.sample(trustDocument, { numRuns: size, seed: seed + done })) {
      await compareTrust(document, pick, tally);
      compareUnknown(document, pick, tally);
    }
    for (const document of fc.sample(guardDocument, { numRuns: size, seed: seed + done })) {
      await compareGuard(document, pick, tally);
    }
    progress(tally);
  }
  return tally;
}

/** One line with every count. */
export function summary(tally: Tally, seed: number): string {
  const { documents, requests, witnesses, remediated, disagreements } = tally;
  return `${documents} documents, ${requests} requests, ${witnesses} witnesses, ${remediated} remediated, ${disagreements.length} disagreements (seed ${seed})`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
  const count = Number(values.count ?? "100000");
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const tally = await prove(count, seed, ({ documents }) => {
    if (documents % 10_000 === 0) console.error(`${documents} of ${count} documents`);
  });
  for (const line of tally.disagreements.slice(0, 20)) console.log(line);
  console.log([...tally.verdicts].map(([what, times]) => `${what}: ${times}`).join(", "));
  console.log(summary(tally, seed));
  const { templates, deployments, disagreements } = await proveTemplates(Math.ceil(count / 20), seed);
  for (const line of disagreements.slice(0, 20)) console.log(line);
  console.log(
    `${templates} templates, ${deployments} deployments, ${disagreements.length} disagreements (seed ${seed})`,
  );
  process.exitCode = tally.disagreements.length + disagreements.length === 0 ? 0 : 1;
}

if (require.main === module) void main();
