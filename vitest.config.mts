import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/dist/**"];
const WITH_THE_COMMAND = ["cli/**/*.test.ts", "tests/attack/**/*.test.ts"];
const ON_THE_ENGINE = ["engine", "package", "recipes"].map((folder) => `tests/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // By default one core is left free, which on two cores means one file after another. Most of them wait for other programs.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...exclude, ...ON_THE_ENGINE, ...WITH_THE_COMMAND],
          // They may have to share a core with the engine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "cli",
          include: WITH_THE_COMMAND,
          globalSetup: ["tests/engine/prepare.ts", "cli/audit/page/rehearsal/prepare.ts"],
          // They run the command itself, some on a pseudo-terminal, and each takes as long as the machine is busy: this ends what hangs.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "engine",
          include: ON_THE_ENGINE,
          globalSetup: "tests/engine/prepare.ts",
          // A run of the engine takes seconds, more when the machine is busy.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
