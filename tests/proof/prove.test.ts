import { expect, test } from "vitest";
import { AREAS, prove, report } from "./prove";

const DOCUMENTS = 1000;

test(`an evaluator that we did not write agrees on ${DOCUMENTS} random documents`, {
  timeout: 300_000,
}, async () => {
  const seed = Date.now() % 1_000_000_000;
  const tallies = await prove({ documents: DOCUMENTS, seed });
  for (const line of report(tallies, seed)) console.log(line);
  expect([...tallies.values()].flatMap(({ disagreements }) => disagreements)).toEqual([]);
  // Were the documents of an area all of one kind, agreement would say little.
  for (const { name } of AREAS) {
    const { documents = 0, said } = tallies.get(name) ?? {};
    expect.soft(said?.safe, `${name}: safe`).toBeGreaterThan(documents / 25);
    expect.soft(said?.open, `${name}: open`).toBeGreaterThan(documents / 25);
  }
});
