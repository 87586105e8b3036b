import { describe, expect, test } from "vitest";
import { AREAS, prove } from "../proof/prove";

/** The tests that a mutant must not survive: a built pack that runs as a process holds no mutant. */
const files = import.meta.glob([
  "../../policy-pack/{iam,iam-graph,evaluation}/**/*.test.ts",
  "../corpus/*.test.ts",
  "../analyzer/{examples,stack,template}.test.ts",
]);

for (const [file, load] of Object.entries(files)) {
  describe(file, async () => {
    await load();
  });
}

test.each(AREAS.filter(({ name }) => !name.startsWith("template")))(
  "the evaluator agrees on $name",
  async (area) => {
    const tallies = await prove({ documents: 15, seed: 1, areas: [area] });
    expect([...tallies.values()].flatMap(({ disagreements }) => disagreements)).toEqual([]);
  },
);
