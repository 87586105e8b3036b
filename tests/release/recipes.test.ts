import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("policy-pack/package.json")));

const WORKFLOW = ".github/workflows/mfa-preview.yml";
const TOLD = [
  ...readdirSync(join(ROOT, "docs/ci")).map((name) => `docs/ci/${name}`),
  ...["README.md", "policy-pack/README.md", "docs/organization.md", WORKFLOW],
];
const NAMED = /(?:aws-mfa(?:-policy-pack)?[@-]|mfa-preview\.yml@v|aws-mfa )(\d+\.\d+\.\d+)/g;

/** Whether the packages' names on npm are this project's: docs/ci/releasing.md says how they become it. */
const RELEASED = false;

test("recipes and pages install the packages' own version", () => {
  const told = TOLD.flatMap((path) =>
    [...read(path).matchAll(NAMED)].map(([text, named]) => ({ path, text, named })),
  );
  expect(told.length).toBeGreaterThan(6);
  expect(told.filter(({ named }) => named !== version)).toEqual([]);
});

test("no page installs from npm by a name that is not ours yet", () => {
  const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(md|sh|yml)$/.test(path))
    .map((path) => `docs/${path}`);
  const byName =
    /^.*\bnpm (?:i|install|add|exec)\b[^`\n]*(?<![\w./-])aws-mfa(?:-policy-pack)?(?:@|\s|$).*$/gm;
  const told = [...new Set([...TOLD, ...pages, "cli/README.md"])].flatMap((path) =>
    [...read(path).matchAll(byName)].map(([line]) => `${path}: ${line}`),
  );
  expect("npm install --global aws-mfa").toMatch(byName);
  if (!RELEASED) expect(told).toEqual([]);
});

describe("the reusable workflow", () => {
  const workflow = z
    .object({
      on: z.object({
        workflow_call: z.object({
          inputs: z.record(z.string(), z.object({ required: z.boolean().optional() })),
          secrets: z.record(z.string(), z.unknown()),
        }),
      }),
      jobs: z.object({ preview: z.object({ permissions: z.record(z.string(), z.string()) }) }),
    })
    .parse(parse(read(WORKFLOW)));
  const caller = z
    .object({
      jobs: z.object({
        preview: z.object({
          permissions: z.record(z.string(), z.string()),
          uses: z.string(),
          with: z.record(z.string(), z.unknown()),
          secrets: z.record(z.string(), z.unknown()),
        }),
      }),
    })
    .parse(parse(read("docs/ci/github-code-scanning.yml")));
  const { inputs, secrets } = workflow.on.workflow_call;

  test("declares every input and secret that the recipe passes", () => {
    expect(caller.jobs.preview.uses).toContain(WORKFLOW);
    expect(Object.keys(caller.jobs.preview.with).filter((name) => !(name in inputs))).toEqual([]);
    expect(Object.keys(caller.jobs.preview.secrets).filter((name) => !(name in secrets))).toEqual([]);
  });

  test("requests only permissions that the recipe grants", () => {
    expect(caller.jobs.preview.permissions).toMatchObject(workflow.jobs.preview.permissions);
  });

  test("requires the platform team's repository and a ref of it", () => {
    expect(inputs["policy-repository"]).toMatchObject({ required: true });
    expect(inputs["policy-ref"]).toMatchObject({ required: true });
  });
});
