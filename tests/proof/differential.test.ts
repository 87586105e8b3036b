import { expect, test } from "vitest";
import { prove, summary } from "./prove";

const DOCUMENTS = 2000;

test(`an evaluator that we did not write agrees on ${DOCUMENTS} random documents`, async () => {
  const seed = Date.now() % 1_000_000_000;
  const tally = await prove(DOCUMENTS, seed);
  console.log(
    `${summary(tally, seed)}; ${[...tally.verdicts].map(([what, times]) => `${what}: ${times}`).join(", ")}`,
  );
  expect(tally.disagreements).toEqual([]);
  expect(tally.documents).toBeGreaterThanOrEqual(DOCUMENTS);
  // Were the documents all of one kind, agreement would say little.
  expect(tally.verdicts.get("trust protected")).toBeGreaterThan(DOCUMENTS / 10);
  expect(tally.verdicts.get("trust bypassable")).toBeGreaterThan(DOCUMENTS / 10);
  expect(tally.verdicts.get("guard guarded")).toBeGreaterThan(0);
  expect(tally.remediated).toBeGreaterThan(DOCUMENTS / 20);
});
