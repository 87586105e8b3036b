import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { hasGo } from "../../cli/testing/tools";
import { goTool } from "../comparison/go-tool";
import { PUBLISHED } from "../release/names";
import { zizmor } from "./zizmor";

const ROOT = resolve(__dirname, "../..");
const OWN = readdirSync(join(ROOT, ".github/workflows")).map((name) => `.github/workflows/${name}`);
/** What others copy, and what runs here. */
const ALL = [...OWN, "docs/ci/github-actions.yml", "docs/ci/github-code-scanning.yml"];

const ACTIONLINT = {
  module: "github.com/rhysd/actionlint",
  command: "cmd/actionlint",
  version: "1.7.12",
} as const;

const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
});
const job = z.object({
  permissions: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()).default({}),
  steps: z.array(step).default([]),
});
const workflow = z.object({ permissions: z.object({}).strict(), jobs: z.record(z.string(), job) });

const jobsOf = (path: string) =>
  Object.entries(workflow.parse(parse(readFileSync(join(ROOT, path), "utf8"))).jobs);

test("zizmor has nothing to say of a workflow", async () => {
  const [program, ...args] = await zizmor();
  const { all, exitCode } = await execa(program, [...args, "--offline", "--no-progress", ...ALL], {
    cwd: ROOT,
    all: true,
    reject: false,
  });
  expect(all).toContain("No findings to report");
  expect(exitCode).toBe(0);
});

// Where there is no Go to build it with.
test.skipIf(!hasGo)("actionlint has nothing to say of a workflow", async () => {
  const { stdout } = await execa(await goTool("actionlint", ACTIONLINT), ALL, { cwd: ROOT, reject: false });
  expect(stdout).toBe("");
});

test("an action is named by its commit, with its version beside it, the same one everywhere", () => {
  const versions = new Map<string, Set<string>>();
  for (const path of ALL) {
    for (const [, action = "", rest = ""] of readFileSync(join(ROOT, path), "utf8").matchAll(
      /uses: ([^@\s]+)@(.*)$/gm,
    )) {
      // A workflow of this repository has its own version.
      if (action.startsWith("OWNER/")) continue;
      expect(rest, `${action} in ${path}`).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      versions.set(action, (versions.get(action) ?? new Set()).add(rest));
    }
  }
  expect(versions.size).toBeGreaterThan(5);
  for (const [action, found] of versions) expect([action, ...found]).toHaveLength(2);
});

test("the job that may publish runs nothing of this repository, and nothing but npm", () => {
  const publishing = jobsOf(".github/workflows/release.yml").filter(
    ([, { permissions }]) => permissions["id-token"] === "write",
  );
  expect(publishing.map(([name]) => name)).toEqual(["publish"]);
  const steps = publishing.flatMap(([, { steps }]) => steps);
  expect(steps.flatMap(({ uses }) => uses?.split("@")[0] ?? [])).toEqual([
    "actions/setup-node",
    "actions/download-artifact",
  ]);
  const lines = steps.flatMap(({ run }) => run?.trim().split("\n") ?? []);
  expect(lines).toHaveLength(Object.keys(PUBLISHED).length);
  for (const line of lines) expect(line).toMatch(/^npm publish \S+\.tgz --ignore-scripts /);
});

test("whatever may run a package's script while it is installed has no secret and no identity", () => {
  const installing = ALL.flatMap((path) =>
    jobsOf(path).filter(([, { steps }]) =>
      steps.some(
        ({ run }) =>
          run !== undefined && /npm (ci|install)|\$INSTALL/.test(run) && !run.includes("--ignore-scripts"),
      ),
    ),
  );
  expect(installing.map(([name]) => name)).toEqual(expect.arrayContaining(["packages", "build"]));
  for (const [name, { permissions, env, steps }] of installing) {
    expect(permissions, name).toEqual({ contents: "read" });
    const given = [env, ...steps.map((each) => each.env)].flatMap((each) => Object.values(each));
    expect(
      given.filter((value) => /secrets\.|github\.token/.test(value)),
      name,
    ).toEqual([]);
  }
});
