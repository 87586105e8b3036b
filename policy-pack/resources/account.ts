import { Opaque } from "../iam/opaque";
import type { Contents } from "./contents";
import type { Resource } from "./resource";
import type { Row } from "./table";

const MANAGEMENT_ACCOUNT = Opaque.text("the management account", [
  "arn:",
  new Opaque("the partition"),
  ":iam::",
  new Opaque("the management account"),
  ":root",
]);

/**
 * The administrator role that AWS makes in a new account of an organization. It trusts the management account, without MFA.
 * Source: Organizations API reference, `CreateAccount`, `RoleName`.
 */
export function administratorRole(holder: Resource, row: Extract<Row, { kind: "account" }>): Contents {
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
