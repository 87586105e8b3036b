import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ArgumentsError } from "./problem";

test("an ArgumentsError is inspected as its message, without a stack, even in color", () => {
  const error = new ArgumentsError("people", [{ key: "groupName", message: "expected a name" }]);
  error.stack = `${error.message}\n    at applyHelperAsync (/program/node_modules/@pulumi/output.ts:516:25)`;
  expect(inspect(error, { colors: true })).toBe(error.message);
});
