import { describe, expect, test } from "vitest";
import { stacks } from "../proof/areas/stack";
import { users } from "../proof/areas/user";
import { prove } from "../proof/prove";

/**
 * The tests that a mutant must not survive. A built pack that runs as a process holds no mutant; what takes seconds and asks only
 * that nothing throws is left out.
 */
const files = import.meta.glob([
  "../../policy-pack/{iam,iam-graph,evaluation,rules}/**/*.test.ts",
  "!**/{parse,key-spelling}.test.ts",
  "../corpus/*.test.ts",
  "../analyzer/{examples,stack,template,cloud-control}.test.ts",
]);

for (const [file, load] of Object.entries(files)) {
  describe(file, async () => {
    await load();
  });
}

test.each([stacks, users])("random documents of the proof: $name", async (area) => {
  const tallies = await prove({ documents: 30, seed: 1, areas: [area] });
  expect([...tallies.values()].flatMap(({ disagreements }) => disagreements)).toEqual([]);
});
