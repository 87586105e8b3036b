import { expect, test } from "vitest";
import { proveTemplates } from "./templates";

const TEMPLATES = 300;

test(`a verdict on each of ${TEMPLATES} random templates holds on what moto deploys of it`, async () => {
  const seed = Date.now() % 1_000_000_000;
  const { verdicts, disagreements, ...counts } = await proveTemplates(TEMPLATES, seed);
  console.log(`${JSON.stringify(counts)} (seed ${seed}); ${JSON.stringify([...verdicts])}`);
  expect(disagreements).toEqual([]);
  expect(counts.templates).toBe(TEMPLATES);
  // Were they all of one kind, agreement would say little.
  expect(verdicts.get("protected")).toBeGreaterThan(TEMPLATES / 20);
  expect(verdicts.get("bypassable")).toBeGreaterThan(TEMPLATES / 20);
});
