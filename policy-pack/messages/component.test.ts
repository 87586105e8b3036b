import { expect, test } from "vitest";
import { componentFix } from "./component";

const urn = (types: string) => `urn:pulumi:dev::team::${types}::Deploy`;

test.each([
  ["iam-role-session-duration", "aws-mfa:index:MfaRole$aws:iam/role:Role", "MfaRole", "sessionSeconds"],
  [
    "iam-role-session-duration",
    "team:index:All$aws-mfa:index:MfaAccess$aws-mfa:index:MfaRole$aws:iam/role:Role",
    "MfaAccess",
    "roles[].sessionSeconds",
  ],
  ["iam-group-requires-mfa", "aws-mfa:index:MfaGroup$aws:iam/group:Group", "MfaGroup", "selfServiceDevices"],
  ["iam-role-requires-mfa", "aws-mfa:index:MfaRole$aws:iam/role:Role", "MfaRole", "trustedArns"],
  ["iam-user-requires-mfa", "aws-mfa:index:MfaUser$aws:iam/user:User", "MfaUser", "groupName"],
])("the fix of %s for %s names the argument of the component", (policy, types, component, argument) => {
  expect(componentFix(policy, urn(types))).toBe(
    `It is part of a component ${component}: change the component's argument ${argument}.`,
  );
});

test.each([
  ["a resource outside a component", "iam-role-session-duration", "aws:iam/role:Role"],
  [
    "a resource in another package's component",
    "iam-role-session-duration",
    "team:index:MfaRole$aws:iam/role:Role",
  ],
  ["a policy that no argument affects", "iam-mfa-notes", "aws-mfa:index:MfaRole$aws:iam/role:Role"],
])("there is no component fix for %s", (_what, policy, types) => {
  expect(componentFix(policy, urn(types))).toBeUndefined();
});

test("there is no component fix for an ARN in place of a URN", () => {
  expect(componentFix("iam-role-session-duration", "arn:aws:iam::111122223333:role/Deploy")).toBeUndefined();
});
