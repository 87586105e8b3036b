import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { policies } from "../../policy-pack/crossguard/pack";
import { givenUpIn, sectionsOf } from "./changelog";
import { notesOf, problemsOf, type Release } from "./release";

const ROOT = resolve(__dirname, "../..");
const CHANGELOG = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");

const REPOSITORY = "https://github.com/example/mfa";
const READY: Release = {
  tag: "v1.2.0",
  versions: { "package.json": "1.2.0", "policy-pack/package.json": "1.2.0" },
  changelog:
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2030-01-31\n\n### Added\n\n- A policy.\n\n## [1.1.0] - 2029-12-01\n\n- Old.\n",
  repositories: { "policy-pack/package.json": `git+${REPOSITORY}.git` },
  repository: REPOSITORY,
};

describe("a release", () => {
  test("has nothing against it when the tag, every version and the changelog agree", () => {
    expect(problemsOf(READY)).toEqual([]);
    expect(notesOf(READY)).toBe("### Added\n\n- A policy.");
  });

  test.each(["1.2.0", "v1.2", "v1.2.0.1", "latest", ""])("is refused for the tag %j", (tag) => {
    expect(problemsOf({ ...READY, tag })).toEqual([
      expect.stringContaining(`Expected a tag such as v0.1.0, got "${tag}"`),
    ]);
  });

  test("names each file of another version, and what else is missing, at once", () => {
    const problems = problemsOf({
      ...READY,
      versions: {
        "package.json": "1.2.0",
        "cli/package.json": "1.1.0",
        "policy-pack/PulumiPolicy.yaml": undefined,
      },
      changelog: "## [Unreleased]\n\n- Something.\n",
      repositories: { "cli/package.json": undefined },
    });
    expect(problems).toEqual([
      "cli/package.json has version 1.1.0, the tag 1.2.0. Make them the same.",
      "policy-pack/PulumiPolicy.yaml has version none, the tag 1.2.0. Make them the same.",
      expect.stringContaining('CHANGELOG.md has no heading "## [1.2.0] - DATE"'),
      `cli/package.json names no repository; npm's provenance asks for ${REPOSITORY}. Set "repository" to it.`,
    ]);
  });

  test.each([
    ["## [1.2.0]\n\n- A policy.", "CHANGELOG.md has no date for 1.2.0."],
    [
      "## [1.2.0] - 2030-01-31\n\n## [1.1.0] - 2029-12-01\n\n- Old.",
      "CHANGELOG.md says nothing under 1.2.0.",
    ],
  ])("is refused for the changelog %j", (changelog, problem) => {
    expect(problemsOf({ ...READY, changelog })).toEqual([expect.stringContaining(problem)]);
  });
});

describe("the changelog", () => {
  test("begins with what is not released yet", () => {
    expect(sectionsOf(CHANGELOG)[0]?.version).toBe("Unreleased");
  });
});

describe("a policy's name", () => {
  const names = policies().map(({ name }) => name);
  const givenUp = givenUpIn(CHANGELOG);

  /** The page of a policy stays when the policy is given up: configurations, exemptions and code scanning go by the name. */
  const pages = readdirSync(join(ROOT, "docs", "rules")).map((file) => file.replace(/\.md$/, ""));

  test("is never used again once it was given up: each page is a policy's, or of one that is given up, and not both", () => {
    const states = pages.map((name) => ({
      name,
      inUse: names.includes(name),
      givenUp: givenUp.includes(name),
    }));
    expect(states.filter((state) => state.inUse === state.givenUp)).toEqual([]);
    expect(givenUp.filter((name) => !pages.includes(name))).toEqual([]);
  });

  test("is read from the list in the changelog", () => {
    const list =
      "## Names of policies that were given up\n\n- `iam-old` (2.0.0): see `iam-new`\n- `iam-older`\n\n## Links\n\n- `x`\n";
    expect(givenUpIn(list)).toEqual(["iam-old", "iam-older"]);
  });
});
