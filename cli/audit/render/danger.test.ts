import { expect, test } from "vitest";
import { ranked } from "../danger/rank";
import { dangerCell, dangerText } from "./danger";

test("a danger is one sentence: who gets in, what they can do, and which action allows it", () => {
  const danger = ranked({ who: "anyone", can: "escalation", because: ["sts:AssumeRole"] });
  expect(dangerText({ kind: "role", danger })).toEqual([
    "Danger: anyone in the world can get in and give themselves more permissions (sts:AssumeRole).",
  ]);
  expect(dangerCell(danger)).toBe("escalation");
});

test("the danger of a user names anyone who has the credentials", () => {
  const danger = ranked({ who: "named principals", can: "read", because: [] });
  expect(dangerText({ kind: "user", danger })).toEqual([
    "Danger: anyone who has the credentials can get in and read.",
  ]);
});

test("a subject without a danger has no sentence and an empty cell", () => {
  expect(dangerText({ kind: "group" })).toEqual([]);
  expect(dangerCell(undefined)).toBe("");
});
