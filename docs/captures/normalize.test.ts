import { expect, test } from "vitest";
import { normalizer } from "./normalize";

const normalize = normalizer(new Map([["/tmp/a1B2c3", "/home/alice"]]), new Date("2026-03-04T10:00:00Z"));

test.each([
  ["Wrote /tmp/a1B2c3/.aws/config.", "Wrote /home/alice/.aws/config."],
  ["until 2026-03-05T03:04:05.678Z.", "until 2030-01-15T09:30:00.000Z."],
  ["2026-03-04 03:04:05 reports", "2030-01-15 09:30:00 reports"],
  ["keys are as of 2015-02-02T20:02:02.000Z: AWS", "keys are as of 2030-01-15T09:30:00.000Z: AWS"],
  ["enabled 2026-03-04", "enabled 2030-01-15"],
  ["botocore-session-1772618400", "botocore-session-1894699800"],
])("%s becomes %s", (line, normalized) => {
  expect(normalize(line)).toBe(normalized);
  expect(normalized).toHaveLength(line.length);
});

test("a policy's version is not normalized", () => {
  expect(normalize('"Version": "2012-10-17"')).toBe('"Version": "2012-10-17"');
});
