import { parseArgs } from "node:util";
import { randomFrom } from "../random";
import { type Area, newTally, summary, type Tally } from "./area";
import { groupsInTemplates, membersInTemplates } from "./areas/group-template";
import { guards } from "./areas/guard";
import { limits } from "./areas/limit";
import { recorded } from "./areas/recorded";
import { stacks } from "./areas/stack";
import { serverless, templates } from "./areas/template";
import { trust } from "./areas/trust";
import { unknown } from "./areas/unknown";
import { users } from "./areas/user";

export const AREAS: readonly Area[] = [
  ...[...trust, guards, unknown, templates, serverless],
  ...[groupsInTemplates, membersInTemplates, stacks, users, recorded, limits],
];

/** Documents of all areas that are made from one seed. */
const CHUNK = 1000;

/**
 * Compares random documents of every area, by its share. The documents from `from` on are the same ones as in a run from the
 * start, so that a run that was interrupted goes on.
 */
export async function prove(
  {
    documents,
    seed,
    from = 0,
    areas = AREAS,
  }: { documents: number; seed: number; from?: number; areas?: readonly Area[] },
  progress: (done: number, tallies: ReadonlyMap<string, Tally>) => void = () => {},
): Promise<ReadonlyMap<string, Tally>> {
  const tallies = new Map(areas.map(({ name }) => [name, newTally()]));
  const whole = areas.reduce((sum, { share }) => sum + share, 0);
  for (let done = from; done < documents; done += CHUNK) {
    const size = Math.min(CHUNK, documents - done);
    for (const { name, share, compare } of areas) {
      const tally = tallies.get(name);
      if (tally === undefined) continue;
      const count = Math.max(1, Math.round((size * share) / whole));
      await compare(count, seed + done, randomFrom(seed + done), tally);
    }
    progress(done + size, tallies);
  }
  for (const { end } of areas) await end?.();
  return tallies;
}

/** What `npm run prove` prints: a line for each area, and one with all of them. */
export function report(tallies: ReadonlyMap<string, Tally>, seed: number): readonly string[] {
  const all = [...tallies.values()];
  const sum = (of: (tally: Tally) => number) => all.reduce((total, each) => total + of(each), 0);
  const wrong = (direction: string) =>
    sum(({ disagreements }) => disagreements.filter((each) => each.direction === direction).length);
  return [
    ...[...tallies].map(([name, tally]) => summary(name, tally)),
    `${sum(({ documents }) => documents)} documents: ${sum(({ said }) => said.safe)} safe, ${wrong("missed")} of them not; ` +
      `${sum(({ said }) => said.open)} open, ${wrong("false alarm")} of them not; ${sum(({ said }) => said.undecided)} undecided; ` +
      `${sum(({ said }) => said.undocumented)} that AWS does not document (seed ${seed})`,
  ];
}

/** `--documents`, `--seed`, `--from` (to go on with a seed) and `--area` (the beginning of a name). */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      documents: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
      from: { type: "string", default: "0" },
      area: { type: "string", default: "" },
    },
  });
  const [documents, seed, from] = [Number(values.documents), Number(values.seed), Number(values.from)];
  const areas = AREAS.filter(({ name }) => name.startsWith(values.area));
  if (areas.length === 0)
    throw new Error(`Expected an area of ${AREAS.map(({ name }) => name).join(", ")}, got ${values.area}.`);
  // A run that is interrupted has said what it found.
  const tallies = await prove({ documents, seed, from, areas }, (done, sofar) => {
    console.error(`${done} of ${documents}: ${report(sofar, seed).at(-1)}`);
    for (const line of wrongIn(sofar)) console.error(line);
  });
  for (const line of wrongIn(tallies)) console.log(line);
  for (const line of report(tallies, seed)) console.log(line);
  process.exitCode = wrongIn(tallies).length === 0 ? 0 : 1;
}

/** The first disagreements, as far as a reader can use them. */
function wrongIn(tallies: ReadonlyMap<string, Tally>): readonly string[] {
  const all = [...tallies.values()].flatMap(({ disagreements }) => disagreements);
  return all.slice(0, 10).map(({ direction, text }) => `${direction}: ${text.slice(0, 2000)}`);
}

if (require.main === module) void main();
