import { expect, test } from "vitest";
import { ACCOUNT, iam, policyText, WITH_MFA } from "./example";
import { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
import { assessed } from "./testing";

const IF_EXISTS = { BoolIfExists: WITH_MFA.Bool };
const trust = (more: object) =>
  policyText({ Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole", ...more });
const allow = (Condition: object) => policyText({ Effect: "Allow", Action: "*", Resource: "*", Condition });

test.each<[string, object, string[]]>([
  ["with an effective condition has no finding", { assumeRolePolicy: trust({ Condition: WITH_MFA }) }, []],
  [
    "with a condition that access keys meet is a violation",
    { assumeRolePolicy: trust({ Condition: IF_EXISTS }) },
    ["ineffective-condition allows-absent"],
  ],
  [
    "with an MFA condition in its permissions policy is a violation",
    { assumeRolePolicy: trust({ Condition: WITH_MFA }), inlinePolicies: [{ policy: allow(WITH_MFA) }] },
    ["ineffective-condition role-permissions"],
  ],
  [
    "with a trust policy that AWS refuses has no finding of this rule",
    { assumeRolePolicy: trust({ Effect: "allow" }) },
    [],
  ],
  [
    "with a permissions policy that AWS refuses is a violation",
    { assumeRolePolicy: trust({ Condition: WITH_MFA }), inlinePolicies: [{ policy: "{" }] },
    ["refused-document"],
  ],
])("a role %s", (_, props, codes) => {
  const role = iam("Role", "deploy", { ...props });
  expect(assessed(iamMfaConditionIsEffective, [role])).toEqual(
    codes.map((code) =>
      code === "refused-document" ? `deploy: refused ${code}, violation` : `deploy: open ${code}, violation`,
    ),
  );
});

test("the code lists each kind of ineffective condition once, in an order of its own", () => {
  const props = {
    policy: policyText(
      {
        Effect: "Deny",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
      },
      { Effect: "Allow", Action: "*", Resource: "*", Condition: IF_EXISTS },
      { Effect: "Allow", Action: "s3:*", Resource: "*", Condition: IF_EXISTS },
    ),
  };
  expect(assessed(iamMfaConditionIsEffective, [iam("Policy", "work", props)])).toEqual([
    "work: open ineffective-condition allows-absent+misses-absent, violation",
  ]);
});
