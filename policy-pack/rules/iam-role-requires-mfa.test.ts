import { expect, test } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import { ACCOUNT, iam, policyText, WITH_MFA } from "./example";
import { iamRoleRequiresMfa } from "./iam-role-requires-mfa";
import { assessed } from "./testing";

const allow = (Principal: object | string, Condition: object = {}) =>
  policyText({ Effect: "Allow", Principal, Action: "sts:AssumeRole", Condition });
const role = (assumeRolePolicy: unknown) => iam("Role", "deploy", { assumeRolePolicy });

test.each<[string, unknown, string]>([
  ["an MFA condition", allow(ACCOUNT, WITH_MFA), "closed trust-policy, pass"],
  ["no condition", allow(ACCOUNT), "open trust-policy, violation"],
  ["a trusted service", allow({ Service: "ec2.amazonaws.com" }), "exempt trust-policy, pass"],
  ["an MFA condition for anyone", allow("*", WITH_MFA), "anyone-with-mfa trust-policy, note"],
  ["a document that is not known yet", new Unknown("an output"), "unknown trust-policy-unknown, note"],
  ["a document that AWS refuses", policyText({ Effect: "Allow" }), "refused refused-document, violation"],
])("a role with %s is assessed as $2", (_, document, expected) => {
  expect(assessed(iamRoleRequiresMfa, [role(document)])).toEqual([`deploy: ${expected}`]);
});

test("a trust policy with NotPrincipal is refused and also assessed as open", () => {
  const document = policyText({ Effect: "Allow", NotPrincipal: ACCOUNT, Action: "sts:AssumeRole" });
  expect(assessed(iamRoleRequiresMfa, [role(document)])).toEqual([
    "deploy: refused refused-document, violation",
    "deploy: open trust-policy, violation",
  ]);
});

test('a trust policy that is not known yet is a violation if unknown is "reject"', () => {
  expect(assessed(iamRoleRequiresMfa, [role(new Unknown("an output"))], { unknown: "reject" })).toEqual([
    "deploy: unknown trust-policy-unknown, violation",
  ]);
});

test("an exemption covers a role by its name until it expires", () => {
  const exempt = (expires: string) => ({ exemptions: [{ name: "dep*", reason: "a machine", expires }] });
  const open = [role(allow(ACCOUNT))];
  expect(assessed(iamRoleRequiresMfa, open, exempt("2030-01-31"))).toEqual([
    "deploy: open trust-policy, exempt",
  ]);
  expect(assessed(iamRoleRequiresMfa, open, exempt("2030-01-30"))).toEqual([
    "deploy: open trust-policy, violation",
  ]);
});
