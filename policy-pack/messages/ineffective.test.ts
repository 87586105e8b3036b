import { expect, test } from "vitest";
import { lintConditions } from "../iam/lint/lint";
import { parsePolicy } from "../iam/policy/parse";
import { INEFFECTIVE, rightForm } from "./ineffective";

const ALLOW = { Effect: "Allow", Action: "*", Resource: "*" };
const DENY = { ...ALLOW, Effect: "Deny" };

test.each<[string, object, string]>([
  [
    "an Allow by presence",
    { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
    '"Bool": {"aws:MultiFactorAuthPresent": "true"}',
  ],
  [
    "an Allow by age",
    { ...ALLOW, Condition: { NumericLessThanIfExists: { "aws:MultiFactorAuthAge": "60" } } },
    '"NumericLessThan": {"aws:MultiFactorAuthAge": seconds}',
  ],
  [
    "a Deny by presence",
    { ...DENY, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
    '"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}',
  ],
  [
    "a Deny by age",
    { ...DENY, Condition: { NumericGreaterThan: { "aws:MultiFactorAuthAge": "60" } } },
    '"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": seconds}',
  ],
  [
    "a misspelled key",
    { ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresents": "true" } } },
    "aws:MultiFactorAuthPresent",
  ],
])("the right form of %s is one that the lint accepts", (_, Statement, expected) => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement }, "identity");
  const [found] = parsed.ok ? lintConditions(parsed.policy, "member") : [];
  expect(found && rightForm(found)).toBe(expected);
  expect(found && INEFFECTIVE[found.kind]).toMatch(/\w/);
});
