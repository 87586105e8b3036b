import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: "unit", include: ["**/*.test.ts"], exclude: [...exclude, "tests/engine/**", "cli/**"] },
      },
      {
        test: {
          name: "cli",
          include: ["cli/**/*.test.ts"],
          globalSetup: "tests/engine/prepare.ts",
          // Most of them run the command itself, some on a pseudo-terminal.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/engine/**/*.test.ts"],
          globalSetup: "tests/engine/prepare.ts",
          // A run of the engine takes seconds, more when the machine is busy.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
