import { expect, test } from "vitest";
import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam/guard/verdict";
import { openWithoutMfa } from "./deny-policy";

test("with createAndEnable, the deny policy leaves exactly the pack's self-service actions open", () => {
  expect(openWithoutMfa("createAndEnable")).toEqual(SELF_SERVICE_ACTIONS);
});
