import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { policies } from "../../policy-pack/crossguard/pack";
import { givenUpIn, sectionsOf } from "./changelog";
import { PUBLISHED } from "./names";
import { notesOf, problemsOf, type Release } from "./release";
import { stage } from "./stage";

const ROOT = resolve(__dirname, "../..");
const CHANGELOG = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");

const READY: Release = {
  tag: "v1.2.0",
  versions: { "package.json": "1.2.0", "policy-pack/package.json": "1.2.0" },
  changelog:
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2030-01-31\n\n### Added\n\n- A policy.\n\n## [1.1.0] - 2029-12-01\n\n- Old.\n",
};

describe("a release", () => {
  test("has no problem if the tag, every version and the changelog agree", () => {
    expect(problemsOf(READY)).toEqual([]);
    expect(notesOf(READY)).toBe("### Added\n\n- A policy.");
  });

  test.each(["1.2.0", "v1.2", "v1.2.0.1", "latest", ""])("is rejected for the tag %j", (tag) => {
    expect(problemsOf({ ...READY, tag })).toEqual([
      expect.stringContaining(`Expected a tag such as v0.1.0, got "${tag}"`),
    ]);
  });

  test("is rejected with each file of another version and a missing changelog section at once", () => {
    const problems = problemsOf({
      ...READY,
      versions: {
        "package.json": "1.2.0",
        "cli/package.json": "1.1.0",
        "policy-pack/PulumiPolicy.yaml": undefined,
      },
      changelog: "## [Unreleased]\n",
    });
    expect(problems).toEqual([
      "cli/package.json has version 1.1.0, the tag 1.2.0. Make them the same.",
      "policy-pack/PulumiPolicy.yaml has version none, the tag 1.2.0. Make them the same.",
      expect.stringContaining("CHANGELOG.md says nothing under 1.2.0 or [Unreleased]."),
    ]);
  });

  test("is rejected for a changelog that says nothing about it", () => {
    const changelog = "## [1.2.0]\n\n## [1.1.0] - 2029-12-01\n\n- Old.";
    expect(problemsOf({ ...READY, changelog })).toEqual([
      expect.stringContaining("CHANGELOG.md says nothing under 1.2.0 or [Unreleased]."),
    ]);
  });

  test("of this checkout has no problem", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const versions = Object.keys(PUBLISHED).map((folder) => [
      folder,
      JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).version,
    ]);
    const tag = `v${version}`;
    expect(problemsOf({ tag, versions: Object.fromEntries(versions), changelog: CHANGELOG })).toEqual([]);
  });

  test("has a published name for every package of the repository", () => {
    const packages = readdirSync(ROOT).filter((each) => existsSync(join(ROOT, each, "package.json")));
    expect(packages.filter((each) => each !== "node_modules" && !(each in PUBLISHED))).toEqual([]);
  });
});

describe("staging a release", () => {
  const repository = "https://github.com/example/mfa";

  /** The files of this checkout that a release writes to, in a folder of their own. */
  function staged(changelog = CHANGELOG): (file: string) => string {
    const folder = mkdtempSync(join(tmpdir(), "aws-mfa-release-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const file of ["package.json", "PulumiPolicy.yaml"]) {
      for (const each of Object.keys(PUBLISHED)) {
        if (!existsSync(join(ROOT, each, file))) continue;
        mkdirSync(join(folder, each), { recursive: true });
        cpSync(join(ROOT, each, file), join(folder, each, file));
      }
    }
    writeFileSync(join(folder, "CHANGELOG.md"), changelog);
    stage(folder, { version: "0.1.0", repository, date: "2030-01-31" });
    return (file) => readFileSync(join(folder, file), "utf8");
  }

  test("sets each package's scoped name, and the repository that npm's provenance requires", () => {
    const read = staged();
    for (const [folder, name] of Object.entries(PUBLISHED)) {
      expect(name).toMatch(/^@[a-z-]+\/[a-z-]+$/);
      const before = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
      expect(JSON.parse(read(`${folder}/package.json`))).toEqual({
        ...before,
        name,
        homepage: `${repository}#readme`,
        repository: { type: "git", url: `git+${repository}.git`, directory: folder },
      });
    }
    expect(read("policy-pack/PulumiPolicy.yaml")).toContain(`website: ${repository}`);
  });

  test.each([
    ["a section", "## [Unreleased]\n\n## [0.1.0]\n\n- A policy.\n"],
    ["no section yet", "## [Unreleased]\n\n- A policy.\n"],
  ])("dates the release in a changelog that has %s for the version", (_what, changelog) => {
    expect(sectionsOf(staged(changelog)("CHANGELOG.md"))).toEqual([
      { version: "Unreleased", date: undefined, text: "" },
      { version: "0.1.0", date: "2030-01-31", text: "- A policy." },
    ]);
  });
});

describe("the changelog", () => {
  test("begins with the Unreleased section", () => {
    expect(sectionsOf(CHANGELOG)[0]?.version).toBe("Unreleased");
  });
});

describe("a policy's name", () => {
  const names = policies().map(({ name }) => name);
  const givenUp = givenUpIn(CHANGELOG);

  /** The page of a policy stays when the policy is removed: configurations, exemptions and code scanning refer to its name. */
  const pages = readdirSync(join(ROOT, "docs", "rules")).map((file) => file.replace(/\.md$/, ""));

  test("is never reused after the policy is removed: each page is for a current policy or a removed one, not both", () => {
    const states = pages.map((name) => ({
      name,
      inUse: names.includes(name),
      givenUp: givenUp.includes(name),
    }));
    expect(states.filter((state) => state.inUse === state.givenUp)).toEqual([]);
    expect(givenUp.filter((name) => !pages.includes(name))).toEqual([]);
  });

  test("that is given up is read from the list in the changelog", () => {
    const list =
      "## Removed policies\n\n- `iam-old` (2.0.0): see `iam-new`\n- `iam-older`\n\n## Links\n\n- `x`\n";
    expect(givenUpIn(list)).toEqual(["iam-old", "iam-older"]);
  });
});
