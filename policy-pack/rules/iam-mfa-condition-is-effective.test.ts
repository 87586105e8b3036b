import { expect, test } from "vitest";
import { ACCOUNT, iam, policyText, WITH_MFA } from "./example";
import { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
import { assessed } from "./testing";

const IF_EXISTS = { BoolIfExists: WITH_MFA.Bool };
const trust = (more: object) =>
  policyText({ Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole", ...more });
const allow = (Condition: object) => policyText({ Effect: "Allow", Action: "*", Resource: "*", Condition });

test.each<[string, object, string[]]>([
  ["an effective condition", { assumeRolePolicy: trust({ Condition: WITH_MFA }) }, []],
  [
    "one that access keys meet",
    { assumeRolePolicy: trust({ Condition: IF_EXISTS }) },
    ["ineffective-condition allows-absent"],
  ],
  [
    "an MFA condition in the role's permissions",
    { assumeRolePolicy: trust({ Condition: WITH_MFA }), inlinePolicies: [{ policy: allow(WITH_MFA) }] },
    ["ineffective-condition role-permissions"],
  ],
  [
    "a trust policy that AWS refuses, which is another rule's",
    { assumeRolePolicy: trust({ Effect: "allow" }) },
    [],
  ],
  [
    "permissions that AWS refuses",
    { assumeRolePolicy: trust({ Condition: WITH_MFA }), inlinePolicies: [{ policy: "{" }] },
    ["refused-document"],
  ],
])("a role with %s", (_, props, codes) => {
  const role = iam("Role", "deploy", { ...props });
  expect(assessed(iamMfaConditionIsEffective, [role])).toEqual(
    codes.map((code) =>
      code === "refused-document" ? `deploy: refused ${code}, violation` : `deploy: open ${code}, violation`,
    ),
  );
});

test("the code names each kind once, in one order", () => {
  const props = {
    policy: policyText(
      { Effect: "Allow", Action: "*", Resource: "*", Condition: IF_EXISTS },
      {
        Effect: "Deny",
        Action: "s3:*",
        Resource: "*",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
      },
      { Effect: "Allow", Action: "*", Resource: "*", Condition: IF_EXISTS },
    ),
  };
  expect(assessed(iamMfaConditionIsEffective, [iam("Policy", "work", props)])).toEqual([
    "work: open ineffective-condition allows-absent+misses-absent, violation",
  ]);
});
