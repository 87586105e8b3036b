import { expect, test } from "vitest";
import type { AssumableBy } from "../report";
import { called } from "./principal";

test.each<[string, AssumableBy["class"], string, string]>([
  ["*", "anyone", "Anyone", "anyone in the world"],
  ["arn:aws:iam::111122223333:root", "account", "111122223333", "everyone in the account"],
  ["111122223333", "account", "111122223333", "everyone in the account"],
  ["arn:aws:iam::111122223333:user/team/alice", "user", "alice", "user in 111122223333"],
  ["arn:aws:iam::111122223333:role/ci", "role", "ci", "role in 111122223333"],
  ["lambda.amazonaws.com", "service", "lambda.amazonaws.com", "service"],
  ["arn:aws:iam::111122223333:saml-provider/Corp", "federated", "Corp", "federated"],
  ["AIDAEXAMPLE", "unknown", "AIDAEXAMPLE", "not known"],
])("the principal %s (%s) is shown as %s, %s", (principal, of, name, what) => {
  expect(called({ principal, class: of })).toEqual({ name, what });
});
