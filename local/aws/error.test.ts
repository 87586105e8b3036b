import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsError, ERRORS } from "./error";

const read = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");
const PAGE = read("docs/local-aws.md");

test("docs/local-aws.md lists exactly the local AWS's errors, each with an AWS document or as seen", () => {
  const listed = PAGE.slice(PAGE.indexOf("## Errors")).matchAll(
    /^\| `(\w+)` \| (.*) \| (?:seen|\[AWS\]\(https:\/\/\S+\)) \|$/gm,
  );
  expect([...listed].map(([, code, text]) => [code, text]).toSorted()).toEqual(
    Object.values(ERRORS)
      .map(([, code, text]) => [code, text.trim()])
      .toSorted(),
  );
});

test('each row of "What it enforces" in docs/local-aws.md names existing tests', () => {
  const enforced = PAGE.slice(PAGE.indexOf("## What it enforces"), PAGE.indexOf("**Devices' clock.**"));
  const rows = [...enforced.matchAll(/^\| (?!---|area)(.*) \| .* \| (.*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(20);
  for (const [, area, named = ""] of rows) {
    const files = [...named.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
    const titles = [...named.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title.replaceAll("…", "%s"));
    const sources = [...files, "tests/engine/local-aws.test.ts"].map(read);
    const missing = titles.filter((title) => !sources.some((source) => source.includes(title)));
    expect({ area, missing, named: files.length + titles.length > 0 }).toEqual({
      area,
      missing: [],
      named: true,
    });
  }
});

test("an error's values replace its placeholders in order", () => {
  expect(awsError("duration", "899", "greater", "900").message).toBe(
    "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  );
});
