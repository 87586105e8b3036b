import { describe } from "vitest";

/**
 * The tests that a mutant must not survive. A built pack that runs as a process holds no mutant; what takes seconds and asks only
 * that nothing throws is left out.
 */
const files = import.meta.glob([
  "../../policy-pack/{iam,iam-graph,evaluation,rules}/**/*.test.ts",
  "!**/{parse,key-spelling}.test.ts",
  "../corpus/*.test.ts",
  "../analyzer/{examples,stack,template}.test.ts",
]);

for (const [file, load] of Object.entries(files)) {
  describe(file, async () => {
    await load();
  });
}
