import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsError, ERRORS } from "./error";

const read = (file: string) => readFileSync(join(__dirname, "..", "..", file), "utf8");
const PAGE = read("docs/local-aws.md");

test("every text stands in docs/local-aws.md, beside AWS's document for it", () => {
  for (const { code, text, source } of Object.values(ERRORS)) {
    const beside = source === "seen" ? "seen" : `[AWS](${source})`;
    expect(PAGE).toContain(`| \`${code}\` | ${text.trim()} | ${beside} |`);
  }
});

test("each row of what is enforced names tests that are there", () => {
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

test("the values are filled in, one after the other", () => {
  expect(awsError("duration", "899", "greater", "900").message).toBe(
    "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  );
});
