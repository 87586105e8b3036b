import * as path from "node:path";
import { defineConfig } from "vitest/config";

const here = (file) => path.resolve(import.meta.dirname, file);

/** All tests of `all.mjs` in one thread, which `runner.mts` keeps. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^\.\/pack$/, replacement: here("pack.ts") },
      { find: /^fast-check$/, replacement: here("fast-check.mjs") },
    ],
  },
  test: {
    include: ["tests/mutation/all.mjs"],
    runner: here("runner.mts"),
    pool: "threads",
    maxWorkers: 1,
    testTimeout: 60_000,
    reporters: [],
  },
});
