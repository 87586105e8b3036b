import { expect, test } from "vitest";
import { lintConditions } from "../iam/lint/lint";
import { parsePolicy } from "../iam/policy/parse";
import { INEFFECTIVE, rightForm } from "./ineffective";

const ALLOW = { Effect: "Allow", Action: "*", Resource: "*" };
const DENY = { ...ALLOW, Effect: "Deny" };

test.each<[string, object, string]>([
  [
    "an Allow on aws:MultiFactorAuthPresent",
    { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
    '"Bool": {"aws:MultiFactorAuthPresent": "true"}',
  ],
  [
    "an Allow on aws:MultiFactorAuthAge",
    { ...ALLOW, Condition: { NumericLessThanIfExists: { "aws:MultiFactorAuthAge": "60" } } },
    '"NumericLessThan": {"aws:MultiFactorAuthAge": seconds}',
  ],
  [
    "a Deny on aws:MultiFactorAuthPresent",
    { ...DENY, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
    '"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}',
  ],
  [
    "a Deny on aws:MultiFactorAuthAge",
    { ...DENY, Condition: { NumericGreaterThan: { "aws:MultiFactorAuthAge": "60" } } },
    '"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": seconds}',
  ],
  [
    "a misspelled key",
    { ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresents": "true" } } },
    "aws:MultiFactorAuthPresent",
  ],
])("an ineffective condition has a description and a right form: %s", (_, Statement, expected) => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement }, "identity");
  const [found] = parsed.ok ? lintConditions(parsed.policy, "member") : [];
  expect(found && rightForm(found)).toBe(expected);
  expect(found && INEFFECTIVE[found.kind]).toMatch(/\w/);
});
