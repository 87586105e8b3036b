import { expect, test } from "vitest";
import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam/guard/verdict";
import { openWithoutMfa } from "./deny-policy";

test("the guard allows at most what the pack calls self-service", () => {
  expect(openWithoutMfa("createAndEnable")).toEqual(SELF_SERVICE_ACTIONS);
});
