import { defineConfig } from "vitest/config";

/** The tests that a mutant must not survive: those beside the pack's code, and the corpus. */
export default defineConfig({
  test: {
    include: ["policy-pack/**/*.test.ts", "tests/corpus/*.test.ts"],
    setupFiles: "tests/mutation/properties.ts",
    testTimeout: 60_000,
  },
});
