import { NAMING_PROPERTIES } from "./reference";

/** A list of inline policies: its property, and each entry's properties for the document and its name. */
export interface InlineList {
  readonly list: string;
  readonly document: string;
  readonly name: string;
}

/** The properties that name what a resource's policies are attached to: one name or a list. */
export interface Holders {
  readonly groups?: string;
  readonly users?: string;
  readonly roles?: string;
}

/** What a type of resource declares, and in which properties. */
export type ResourceType =
  | {
      readonly kind: "role";
      readonly name: string;
      readonly trust: string;
      readonly inline: InlineList;
      readonly managed: string;
      readonly maxSession: string;
      readonly boundary: string;
    }
  | { readonly kind: "group"; readonly name: string; readonly inline?: InlineList; readonly managed?: string }
  | {
      readonly kind: "user";
      readonly name: string;
      readonly inline?: InlineList;
      readonly managed?: string;
      readonly groups?: string;
      readonly password?: string;
      readonly boundary: string;
    }
  /** Some types of managed policies attach themselves. */
  | ({
      readonly kind: "managed-policy";
      readonly name: string;
      readonly path: string;
      readonly document: string;
    } & Holders)
  | ({ readonly kind: "inline-policy"; readonly name: string; readonly document: string } & Holders)
  /** `only`: detaches the policies from every holder that it does not name. */
  | ({ readonly kind: "attachment"; readonly policies: string; readonly only?: true } & Holders)
  /** Keeps these attachments and removes every other. */
  | ({ readonly kind: "only-attachments"; readonly policies: string } & Holders)
  /** Keeps the inline policies of these names and removes every other. */
  | ({ readonly kind: "only-inline"; readonly names: string } & Holders)
  /** `exclusive`: removes every user that it does not name from the group. */
  | {
      readonly kind: "membership";
      readonly users: string;
      readonly groups: string;
      readonly exclusive?: true;
    }
  | { readonly kind: "credential"; readonly user: string; readonly what: string }
  | { readonly kind: "mfa-device" }
  /** `parameters`: the property with the template's parameters; each that it omits has its default. */
  | { readonly kind: "template"; readonly body: string; readonly url: string; readonly parameters?: string }
  /**
   * Creates resources that are declared elsewhere; `what`: a phrase for them. `unless`: the property that names what declares
   * them, if that may be in the same program.
   */
  | { readonly kind: "outside"; readonly what: string; readonly unless?: string }
  /** A new account of an organization, with the name of the role that AWS creates in it. */
  | { readonly kind: "account"; readonly role: string }
  /** A single resource of Cloud Control: the property with its type, and the one with its properties, a map or JSON. */
  | { readonly kind: "cloud-control"; readonly type: string; readonly properties: string };

/** The row of a type of this kind. */
export type RowOf<K extends ResourceType["kind"]> = Extract<ResourceType, { readonly kind: K }>;

const ACCESS_KEY = "an access key";
const PASSWORD = "a console password";

const STACK_SET: ResourceType = { kind: "template", body: "templateBody", url: "templateUrl" };
const STACK: ResourceType = { ...STACK_SET, parameters: "parameters" };
const NESTED: ResourceType = { kind: "template", body: "TemplateBody", url: "TemplateURL" };
const APPLICATION: ResourceType = {
  kind: "outside",
  what: "the application of the Serverless Application Repository",
};
const PRODUCT: ResourceType = { kind: "outside", what: "the Service Catalog product" };
const INSTANCES: ResourceType = {
  kind: "outside",
  what: "the template of the stack set",
  unless: "stackSetName",
};

const INLINE = { kind: "inline-policy", name: "name", document: "policy" } as const;
const ATTACHMENT = { kind: "attachment", policies: "policyArn" } as const;
const ONLY = { kind: "only-attachments", policies: "policyArns" } as const;
const ONLY_INLINE = { kind: "only-inline", names: "policyNames" } as const;
const ALL_HOLDERS: Holders = { groups: "groups", users: "users", roles: "roles" };

const AWS: Readonly<Record<string, ResourceType>> = {
  "aws:iam/role:Role": {
    kind: "role",
    name: "name",
    trust: "assumeRolePolicy",
    inline: { list: "inlinePolicies", document: "policy", name: "name" },
    managed: "managedPolicyArns",
    maxSession: "maxSessionDuration",
    boundary: "permissionsBoundary",
  },
  "aws:iam/group:Group": { kind: "group", name: "name" },
  "aws:iam/user:User": { kind: "user", name: "name", boundary: "permissionsBoundary" },
  "aws:iam/policy:Policy": { kind: "managed-policy", name: "name", path: "path", document: "policy" },
  "aws:iam/groupPolicy:GroupPolicy": { ...INLINE, groups: "group" },
  "aws:iam/userPolicy:UserPolicy": { ...INLINE, users: "user" },
  "aws:iam/rolePolicy:RolePolicy": { ...INLINE, roles: "role" },
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": { ...ATTACHMENT, groups: "group" },
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": { ...ATTACHMENT, users: "user" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { ...ATTACHMENT, roles: "role" },
  "aws:iam/policyAttachment:PolicyAttachment": { ...ATTACHMENT, only: true, ...ALL_HOLDERS },
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": {
    ...ONLY,
    groups: "groupName",
  },
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": { ...ONLY, users: "userName" },
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": { ...ONLY, roles: "roleName" },
  "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive": { ...ONLY_INLINE, groups: "groupName" },
  "aws:iam/userPoliciesExclusive:UserPoliciesExclusive": { ...ONLY_INLINE, users: "userName" },
  "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": { ...ONLY_INLINE, roles: "roleName" },
  "aws:iam/userGroupMembership:UserGroupMembership": { kind: "membership", users: "user", groups: "groups" },
  "aws:iam/groupMembership:GroupMembership": {
    kind: "membership",
    users: "users",
    groups: "group",
    exclusive: true,
  },
  "aws:iam/accessKey:AccessKey": { kind: "credential", user: "user", what: ACCESS_KEY },
  "aws:iam/userLoginProfile:UserLoginProfile": { kind: "credential", user: "user", what: PASSWORD },
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": {
    kind: "credential",
    user: "userName",
    what: "a service-specific credential",
  },
  "aws:iam/sshKey:SshKey": { kind: "credential", user: "username", what: "an SSH public key" },
  "aws:iam/virtualMfaDevice:VirtualMfaDevice": { kind: "mfa-device" },
  "aws:cloudformation/stack:Stack": STACK,
  "aws:cloudformation/stackSet:StackSet": STACK_SET,
  "aws:cloudformation/stackSetInstance:StackSetInstance": INSTANCES,
  "aws:cloudformation/stackInstances:StackInstances": INSTANCES,
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": APPLICATION,
  "aws:servicecatalog/product:Product": PRODUCT,
  "aws:servicecatalog/provisionedProduct:ProvisionedProduct": PRODUCT,
  "aws:servicecatalog/provisioningArtifact:ProvisioningArtifact": PRODUCT,
  "aws:organizations/account:Account": { kind: "account", role: "roleName" },
  "aws:cloudcontrol/resource:Resource": {
    kind: "cloud-control",
    type: "typeName",
    properties: "desiredState",
  },
};

const POLICIES: InlineList = { list: "policies", document: "policyDocument", name: "policyName" };

/** The types of CloudFormation as `aws-native` has them; in a template the properties start with a capital letter. */
const NATIVE: Readonly<Record<string, ResourceType>> = {
  Role: {
    kind: "role",
    name: "roleName",
    trust: "assumeRolePolicyDocument",
    inline: POLICIES,
    managed: "managedPolicyArns",
    maxSession: "maxSessionDuration",
    boundary: "permissionsBoundary",
  },
  Group: { kind: "group", name: "groupName", inline: POLICIES, managed: "managedPolicyArns" },
  User: {
    kind: "user",
    name: "userName",
    inline: POLICIES,
    managed: "managedPolicyArns",
    groups: "groups",
    password: "loginProfile",
    boundary: "permissionsBoundary",
  },
  ManagedPolicy: {
    kind: "managed-policy",
    name: "managedPolicyName",
    path: "path",
    document: "policyDocument",
    ...ALL_HOLDERS,
  },
  Policy: {
    kind: "inline-policy",
    name: "policyName",
    document: "policyDocument",
    ...ALL_HOLDERS,
  },
  GroupPolicy: { kind: "inline-policy", name: "policyName", document: "policyDocument", groups: "groupName" },
  UserPolicy: { kind: "inline-policy", name: "policyName", document: "policyDocument", users: "userName" },
  RolePolicy: { kind: "inline-policy", name: "policyName", document: "policyDocument", roles: "roleName" },
  UserToGroupAddition: { kind: "membership", users: "users", groups: "groupName" },
  AccessKey: { kind: "credential", user: "userName", what: ACCESS_KEY },
  VirtualMfaDevice: { kind: "mfa-device" },
};

function capitalized(row: ResourceType): ResourceType {
  const raise = (value: unknown, key: string): unknown => {
    if (key === "kind" || key === "what" || key === "only") return value;
    if (typeof value === "string") return value.charAt(0).toUpperCase() + value.slice(1);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, raise(each, name)]));
  };
  // Only the values change, so the row keeps its shape.
  return raise(row, "") as ResourceType;
}

/**
 * Every type of IAM resource, of `aws`, of `aws-native` and in CloudFormation templates, with the properties that matter.
 */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ...Object.entries(AWS),
  ...Object.entries(NATIVE).flatMap(([type, row]): [string, ResourceType][] => [
    [`aws-native:iam:${type}`, row],
    [`AWS::IAM::${type}`, capitalized(row)],
  ]),
  ["aws-native:cloudformation:Stack", STACK],
  ["aws-native:cloudformation:StackSet", STACK_SET],
  ["AWS::CloudFormation::Stack", { ...NESTED, parameters: "Parameters" }],
  ["AWS::CloudFormation::StackSet", NESTED],
  ["AWS::Serverless::Application", APPLICATION],
  ...["CloudFormationProduct", "CloudFormationProvisionedProduct"].flatMap(
    (type): [string, ResourceType][] => [
      [`aws-native:servicecatalog:${type}`, PRODUCT],
      [`AWS::ServiceCatalog::${type}`, PRODUCT],
    ],
  ),
  ["aws-native:organizations:Account", { kind: "account", role: "roleName" }],
  ["AWS::Organizations::Account", { kind: "account", role: "RoleName" }],
  ["aws-native:index:ExtensionResource", { kind: "cloud-control", type: "type", properties: "properties" }],
]);

/** The types of a kind. */
export function typesOf(...kinds: readonly ResourceType["kind"][]): ReadonlySet<string> {
  return new Set([...RESOURCE_TYPES].flatMap(([type, { kind }]) => (kinds.includes(kind) ? [type] : [])));
}

/** The properties that the rules read of a type. */
export function propertiesOf(row: ResourceType): readonly string[] {
  const named = Object.entries(row).flatMap(([key, value]) => {
    if (key === "kind" || key === "what" || typeof value === "boolean") return [];
    return typeof value === "string" ? [value] : [value.list];
  });
  return [...named, ...NAMING_PROPERTIES];
}
