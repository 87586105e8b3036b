import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsError, ERRORS } from "./error";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "local-aws.md"), "utf8");

test("every text stands in docs/local-aws.md, beside AWS's document for it", () => {
  for (const { code, text, source } of Object.values(ERRORS)) {
    const beside = source === "seen" ? "seen" : `[AWS](${source})`;
    expect(PAGE).toContain(`| \`${code}\` | ${text.trim()} | ${beside} |`);
  }
});

test("the values are filled in, one after the other", () => {
  expect(awsError("duration", "899", "greater", "900").message).toBe(
    "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  );
});
