import { Unknown } from "../iam/policy/unknown";
import type { NestedResources, Resource } from "./resource";
import type { RowOf } from "./resource-types";

const MANAGEMENT_ACCOUNT = Unknown.text("the management account", [
  "arn:",
  new Unknown("the partition"),
  ":iam::",
  new Unknown("the management account"),
  ":root",
]);

/**
 * The administrator role that AWS creates in a new account of an organization. It trusts the management account without MFA.
 * Source: Organizations API reference, `CreateAccount`, `RoleName`.
 */
export function administratorRole(holder: Resource, row: RowOf<"account">): NestedResources {
  const RoleName = holder.props[row.role] ?? "OrganizationAccountAccessRole";
  const AssumeRolePolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: MANAGEMENT_ACCOUNT }, Action: "sts:AssumeRole" }],
  };
  const role = {
    ...holder,
    type: "AWS::IAM::Role",
    props: { RoleName, AssumeRolePolicyDocument },
    dependencies: {},
  };
  return { resources: [{ ...role, madeByAws: true }], unseen: [] };
}
