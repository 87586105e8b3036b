import { propertiesOf, RESOURCE_TYPES } from "aws-mfa-policy-pack/iam-graph";

/** The types of policies in Organizations that limit an account. */
export const LIMIT_KINDS = [
  ["SERVICE_CONTROL_POLICY", "SCP"],
  ["RESOURCE_CONTROL_POLICY", "RCP"],
] as const;

/** What a resource type declares of an organization, and the properties that have it. */
export type OrganizationType =
  /** A policy of any type. `targets`: what it is attached to. */
  | {
      readonly kind: "policy";
      readonly name: string;
      readonly type: string;
      readonly document: string;
      readonly targets?: string;
    }
  | { readonly kind: "attachment"; readonly policy: string; readonly target: string }
  /** An account or an organizational unit, with its parent. */
  | { readonly kind: "member"; readonly parent: string };

const POLICY = { kind: "policy", name: "name", type: "type", document: "content" } as const;
const MEMBER = { kind: "member", parent: "parentId" } as const;

/** The types of `aws`, `aws-native` and CloudFormation that declare an organization's policies, their attachments and their targets. */
export const ORGANIZATION_TYPES: ReadonlyMap<string, OrganizationType> = new Map<string, OrganizationType>([
  ["aws:organizations/policy:Policy", POLICY],
  [
    "aws:organizations/policyAttachment:PolicyAttachment",
    { kind: "attachment", policy: "policyId", target: "targetId" },
  ],
  ["aws:organizations/account:Account", MEMBER],
  ["aws:organizations/organizationalUnit:OrganizationalUnit", MEMBER],
  ["aws-native:organizations:Policy", { ...POLICY, targets: "targetIds" }],
  [
    "AWS::Organizations::Policy",
    { kind: "policy", name: "Name", type: "Type", document: "Content", targets: "TargetIds" },
  ],
]);

/** The properties of a type that the audit reads; `undefined` for a type that it does not read. */
export function propertiesRead(type: string): readonly string[] | undefined {
  const row = RESOURCE_TYPES.get(type);
  const { kind, ...own } = ORGANIZATION_TYPES.get(type) ?? {};
  if (row === undefined && kind === undefined) return undefined;
  return [...new Set([...(row === undefined ? ["arn", "id"] : propertiesOf(row)), ...Object.values(own)])];
}
