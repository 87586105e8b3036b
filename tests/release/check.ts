import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { notesOf, problemsOf, type Release } from "./release";

// `npx tsx tests/release/check.ts v0.1.0`: prints the release's notes, or what stands against it and ends with 1.

const ROOT = resolve(__dirname, "../..");
const PUBLISHED = ["policy-pack/package.json", "cli/package.json"];
const VERSIONED = ["package.json", ...PUBLISHED, "policy-pack/PulumiPolicy.yaml"];

const manifest = z.object({
  version: z.string().optional(),
  repository: z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]).optional(),
});

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
// JSON is YAML too.
const manifests = VERSIONED.map((file) => ({ file, ...manifest.parse(parse(read(file))) }));

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
const release: Release = {
  tag: process.argv[2] ?? "",
  versions: Object.fromEntries(manifests.map(({ file, version }) => [file, version])),
  changelog: read("CHANGELOG.md"),
  repositories: Object.fromEntries(
    manifests
      .filter(({ file }) => PUBLISHED.includes(file))
      .map(({ file, repository }) => [file, repository]),
  ),
  repository: server && name ? `${server}/${name}` : undefined,
};

const problems = problemsOf(release);
if (problems.length === 0) process.stdout.write(`${notesOf(release)}\n`);
else {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
}
