import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/dist/**"];
/** Any Pulumi CLI will do for these: they are not run again on the oldest. */
const WITH_THE_COMMAND = [
  "cli/**/*.test.ts",
  "tests/attack/**/*.test.ts",
  "tests/engine/{local-*,moto,provider}.test.ts",
  "tests/package/cli.test.ts",
  "tests/recipes/workflow.test.ts",
];
const ON_THE_ENGINE = ["engine", "package", "recipes"].map((folder) => `tests/${folder}/**/*.test.ts`);

const EACH = {
  // Without it, TypeScript and npm are loaded with `@pulumi/pulumi` for every file.
  execArgv: ["--require", `${import.meta.dirname}/local/pulumi/launchers/serialization.cjs`],
  // A Go program such as the Pulumi CLI collects garbage while it starts, which takes a fifth of its time.
  env: { GOGC: "400" },
  // No test is timed: each takes as long as the machine is busy. This ends what hangs.
  testTimeout: 900_000,
  hookTimeout: 900_000,
  expect: { poll: { timeout: 600_000 } },
} as const;

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
          ...EACH,
        },
      },
      {
        test: {
          name: "cli",
          include: WITH_THE_COMMAND,
          globalSetup: ["tests/engine/prepare.ts", "cli/audit/page/testing/prepare.ts"],
          ...EACH,
        },
      },
      {
        test: {
          name: "engine",
          include: ON_THE_ENGINE,
          exclude: [...exclude, ...WITH_THE_COMMAND],
          globalSetup: "tests/engine/prepare.ts",
          ...EACH,
        },
      },
    ],
  },
});
