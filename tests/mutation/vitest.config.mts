import * as path from "node:path";
import { defineConfig } from "vitest/config";

const here = (file: string) => path.resolve(import.meta.dirname, file);

/** All tests of `all.mts` in one thread, which `runner.mts` keeps. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^\.\/pack$/, replacement: here("pack.ts") },
      { find: /^fast-check$/, replacement: here("fast-check.ts") },
    ],
  },
  test: {
    include: ["tests/mutation/all.mts"],
    runner: here("runner.mts"),
    pool: "threads",
    maxWorkers: 1,
    testTimeout: 60_000,
    reporters: [],
  },
});
