import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PUBLISHED } from "./names";
import { notesOf, problemsOf } from "./release";
import { stage } from "./stage";

// `npx tsx tests/release/check.ts v0.1.0`: prints the release's notes, or what stands against it and ends with 1.
// `--stage` writes what only a release has into this checkout, for the workflow: see stage.ts.

const ROOT = resolve(__dirname, "../..");
const VERSIONED = [
  "package.json",
  ...Object.keys(PUBLISHED).map((folder) => `${folder}/package.json`),
  "policy-pack/PulumiPolicy.yaml",
  "infra/schema.json",
];
const manifest = z.object({ version: z.string().optional() });

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const [tag = "", ...options] = process.argv.slice(2);
const release = {
  tag,
  // JSON is YAML too.
  versions: Object.fromEntries(VERSIONED.map((file) => [file, manifest.parse(parse(read(file))).version])),
  changelog: read("CHANGELOG.md"),
};
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;

const problems = problemsOf(release);
if (problems.length > 0) {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${notesOf(release)}\n`);
  if (options.includes("--stage")) {
    if (!server || !name)
      throw new Error("Expected GITHUB_SERVER_URL and GITHUB_REPOSITORY, as in a workflow.");
    const date = new Date().toISOString().slice(0, 10);
    stage(ROOT, { version: tag.replace(/^v/, ""), repository: `${server}/${name}`, date });
  }
}
