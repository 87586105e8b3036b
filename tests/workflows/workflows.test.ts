import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { hasGo } from "../../local/go";
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

test("zizmor finds nothing in the workflows", async () => {
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
test.skipIf(!hasGo)("actionlint finds nothing in the workflows", async () => {
  const { stdout } = await execa(await goTool("actionlint", ACTIONLINT), ALL, { cwd: ROOT, reject: false });
  expect(stdout).toBe("");
});

test("each action is pinned to one commit everywhere, with its version in a comment", () => {
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

const RELEASE = ".github/workflows/release.yml";

test("only the publish job has an identity token, and it checks out and installs nothing", () => {
  const publishing = jobsOf(RELEASE).filter(([, { permissions }]) => permissions["id-token"] === "write");
  expect(publishing.map(([name]) => name)).toEqual(["publish"]);
  const steps = publishing.flatMap(([, { steps }]) => steps);
  expect(steps.flatMap(({ uses }) => uses?.split("@")[0] ?? [])).toEqual([
    "actions/setup-node",
    "actions/download-artifact",
  ]);
  expect(steps.flatMap(({ run }) => run?.match(/\bnp[mx] \w+/g) ?? [])).toEqual(["npm view", "npm publish"]);
  expect(publishOf()).toContain('npm publish "$package" --ignore-scripts --provenance --access public');
});

test("the release packs exactly the packages that have a name on npm", () => {
  const runs = jobsOf(RELEASE).flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
  const packed = runs.flatMap((run) => [...(run.match(/^npm pack .*$/m)?.[0].matchAll(/ \.\/(\S+)/g) ?? [])]);
  expect(packed.map(([, folder]) => folder).sort()).toEqual(Object.keys(PUBLISHED).sort());
});

describe("the publish step", () => {
  const packages = ["a", "b", "c"].map((name) => `@scope/${name}@1.0.0`);

  /**
   * The workflow's step, in the shell of GitHub Actions, on three packages.
   *
   * @param npm what stands for npm: a script that gets its arguments, and `PUBLISHED`, a file with the packages that are published
   */
  async function publish(npm: string): Promise<{ exitCode: number | undefined; published: string[] }> {
    const folder = mkdtempSync(join(tmpdir(), "aws-mfa-publish-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const bin = join(folder, "bin");
    mkdirSync(bin);
    mkdirSync(join(folder, "package"));
    for (const [index, id] of packages.entries()) {
      const name = id.replace("@1.0.0", "");
      writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version: "1.0.0" }));
      await execa("tar", ["-czf", `${index}.tgz`, "package"], { cwd: folder });
    }
    writeFileSync(join(bin, "npm"), `#!/usr/bin/env bash\n${npm}\n`, { mode: 0o755 });
    const list = join(folder, "published");
    writeFileSync(list, "");
    const { exitCode } = await execa("bash", ["-e", "-c", publishOf()], {
      cwd: folder,
      env: { PATH: `${bin}:${process.env.PATH}`, PUBLISHED: list },
      reject: false,
    });
    const published = readFileSync(list, "utf8").trim();
    return { exitCode, published: published === "" ? [] : published.split("\n") };
  }

  test("publishes each package", async () => {
    const npm = '[ "$1" = publish ] && echo "$2" >> "$PUBLISHED"';
    expect(await publish(npm)).toEqual({ exitCode: 0, published: ["./0.tgz", "./1.tgz", "./2.tgz"] });
  });

  test("fails at the first package that npm refuses", async () => {
    const npm = '[ "$1" = publish ] && [ "$2" != ./1.tgz ] && echo "$2" >> "$PUBLISHED"';
    expect(await publish(npm)).toEqual({ exitCode: 1, published: ["./0.tgz"] });
  });

  test("publishes the remaining packages after an attempt that published some", async () => {
    const npm = `case "$1 $2" in
      "view ${packages[0]}") sha1sum < 0.tgz | cut -d " " -f 1 ;;
      "publish ./0.tgz") exit 1 ;;
      publish*) echo "$2" >> "$PUBLISHED" ;;
      *) exit 1 ;;
    esac`;
    expect(await publish(npm)).toEqual({ exitCode: 0, published: ["./1.tgz", "./2.tgz"] });
  });

  test("fails for a version that was published with other content", async () => {
    const npm = 'if [ "$1" = view ]; then echo 0123abc; else exit 1; fi';
    expect(await publish(npm)).toEqual({ exitCode: 1, published: [] });
  });
});

function publishOf(): string {
  const steps = jobsOf(RELEASE).flatMap(([, { steps }]) => steps);
  return steps.flatMap(({ run }) => (run?.includes("npm publish") ? run : [])).join("");
}

test("jobs that may run install scripts have no secrets and only read permission", () => {
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
