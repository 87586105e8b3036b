import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ahead, quote, say, settled } from "./output";

let shown: string[];
beforeEach(() => {
  shown = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => {
    shown.push(...stripVTControlCharacters(line).split("\n"));
  });
});
afterEach(() => vi.restoreAllMocks());

const session = "arn:aws:sts::123456789012:assumed-role/MFABasedAccess/botocore-session-1795683378";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { DateLessThan: { "aws:TokenIssueTime": "2026-11-26T08:56:25Z" } },
    },
  ],
});

test.each([
  ["an ARN", `User: ${session} is not authorized`],
  ["a policy", `    --policy-document '${policy}'`],
])("%s wider than a terminal is wrapped after a slash, a comma, a colon or a brace", (_, text) => {
  quote(text);
  expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
  const parts = shown.map((line) => line.replace(/^ *│ */, ""));
  expect(parts.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  for (const part of parts.slice(0, -1)) expect(part).toMatch(/[/,{:]$|^[^/,{]*$/);
});

test("a step that runs ahead prints its output when it is shown, and from then on directly", async () => {
  let goOn = () => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const later = ahead(async () => {
    say("second");
    await waiting;
    say("third");
  });
  say("first");
  const over = later.show();
  expect(shown).toEqual(["   first", "   second"]);
  goOn();
  await over;
  expect(shown).toEqual(["   first", "   second", "   third"]);
});

test("a step that fails while it runs ahead throws the error when it is shown", async () => {
  const failing = ahead(async () => {
    throw new Error("not as shown");
  });
  await settled();
  await expect(failing.show()).rejects.toThrow("not as shown");
});
