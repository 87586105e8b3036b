import { RESOURCE_TYPES, type ResourceType } from "aws-mfa-policy-pack/iam-graph";
import { ORGANIZATION_TYPES, propertiesRead } from "../limits/organization-types";

/** Terraform's names that cannot be derived from Pulumi's. */
const NAMES: Readonly<Record<string, string>> = {
  "aws:iam/sshKey:SshKey": "aws_iam_user_ssh_key",
  "aws:cloudcontrol/resource:Resource": "aws_cloudcontrolapi_resource",
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack":
    "aws_serverlessapplicationrepository_cloudformation_stack",
};

/** Nested blocks, which Terraform names in the singular. */
const BLOCKS: Readonly<Record<string, string>> = { inlinePolicies: "inline_policy" };

/** The columns of a row that name other resources. */
const NAMING: ReadonlySet<string> = new Set(["groups", "users", "roles", "policies", "user"]);

/** A type of the pack, with Terraform's attribute for each property that the audit reads. */
export interface TerraformType {
  readonly type: string;
  readonly row: ResourceType | undefined;
  /** The pack's name of the property → Terraform's name of the attribute. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The properties that name other resources. */
  readonly naming: ReadonlySet<string>;
}

/**
 * The types of Terraform's providers `aws` and `awscc` that the audit reads, by Terraform's name. Pulumi's providers are generated from
 * the same schemas, so the names can be derived from Pulumi's.
 */
export const TERRAFORM_TYPES: ReadonlyMap<string, TerraformType> = new Map(
  [...new Set([...RESOURCE_TYPES.keys(), ...ORGANIZATION_TYPES.keys()])].flatMap(
    (type): [string, TerraformType][] => {
      const name = NAMES[type] ?? terraformName(type);
      const row = RESOURCE_TYPES.get(type);
      const read = propertiesRead(type) ?? [];
      const attributes = new Map(read.map((key) => [key, BLOCKS[key] ?? snakeCase(key)]));
      return name === undefined ? [] : [[name, { type, row, attributes, naming: namingIn(row) }]];
    },
  ),
);

function namingIn(row: ResourceType | undefined): ReadonlySet<string> {
  return new Set(
    Object.entries(row ?? {}).flatMap(([key, value]) =>
      NAMING.has(key) && typeof value === "string" ? [value] : [],
    ),
  );
}

/** `aws:iam/role:Role` → `aws_iam_role`; `aws-native:iam:Role` → `awscc_iam_role`. */
function terraformName(type: string): string | undefined {
  const [, service, name] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  if (service !== undefined && name !== undefined) return `aws_${service}_${snakeCase(name)}`;
  const [, native, Name] = /^aws-native:(\w+):(\w+)$/.exec(type) ?? [];
  return native === undefined || Name === undefined ? undefined : `awscc_${native}_${snakeCase(Name)}`;
}

/** `maxSessionDuration` → `max_session_duration`. */
function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z\d])(?=[A-Z])/g, "_").toLowerCase();
}

/** `policy_document` → `policyDocument`. */
export function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
