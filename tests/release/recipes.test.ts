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
const NAMED =
  /(?:aws-mfa(?:-policy-pack)?@|mfa-preview\.yml@v|MFA_VERSION(?::-|: ")|the version of the packages +|aws-mfa )(\d+\.\d+\.\d+)/g;

test("what people are told to install is the version of the packages, wherever it is told", () => {
  const told = TOLD.flatMap((path) =>
    [...read(path).matchAll(NAMED)].map(([text, named]) => ({ path, text, named })),
  );
  expect(told.length).toBeGreaterThan(6);
  expect(told.filter(({ named }) => named !== version)).toEqual([]);
});

describe("the reusable workflow", () => {
  const workflow = z
    .object({
      on: z.object({
        workflow_call: z.object({
          inputs: z.record(z.string(), z.object({ default: z.unknown().optional() })),
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

  test("takes what the recipe gives it", () => {
    expect(caller.jobs.preview.uses).toContain(WORKFLOW);
    expect(Object.keys(caller.jobs.preview.with).filter((name) => !(name in inputs))).toEqual([]);
    expect(Object.keys(caller.jobs.preview.secrets).filter((name) => !(name in secrets))).toEqual([]);
  });

  test("asks for no permission that the recipe does not grant: GitHub would refuse it", () => {
    expect(caller.jobs.preview.permissions).toMatchObject(workflow.jobs.preview.permissions);
  });

  test("installs the version of the packages unless told otherwise", () => {
    expect(inputs.version?.default).toBe(version);
  });
});
