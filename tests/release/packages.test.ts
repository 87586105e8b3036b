import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { RunningPack } from "../analyzer/pack";
import { pack } from "../package/packed";
import { PUBLISHED } from "./names";
import { stage } from "./stage";

const ROOT = resolve(__dirname, "../..");

test("the npm packages have their published names and the tested files, and the pack reports its repository", async () => {
  const root = mkdtempSync(join(tmpdir(), "aws-mfa-release-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const file of ["CHANGELOG.md", "tsconfig.json"]) cpSync(join(ROOT, file), join(root, file));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir");
  const folders = ["policy-pack", "cli", "infra"] as const satisfies (keyof typeof PUBLISHED)[];
  const tested = await Promise.all(folders.map((folder) => pack(folder)));
  tested.forEach(({ folder }, index) => {
    cpSync(folder, join(root, folders[index] ?? ""), { recursive: true, verbatimSymlinks: true });
  });
  const repository = "https://github.com/example/mfa";
  stage(root, { version: "0.1.0", repository, date: "2030-01-31" });

  const paths = folders.map((folder) => `./${folder}`);
  const { stdout } = await execa("npm", ["pack", "--ignore-scripts", "--dry-run", "--json", ...paths], {
    cwd: root,
  });
  const found: { name: string; files: { path: string }[] }[] = JSON.parse(stdout);
  expect(found.map(({ name, files }) => [name, files.map(({ path }) => path).sort()])).toEqual(
    tested.map(({ files }, index) => [Object.values(PUBLISHED)[index], files]),
  );

  const running = await RunningPack.start(join(root, "policy-pack"));
  onTestFinished(() => running.stop());
  expect((await running.info()).getRepository()).toBe(repository);
});
