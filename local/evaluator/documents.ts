import type { IAM } from "@aws-sdk/client-iam";

export interface NamedDocument {
  readonly name: string;
  readonly policy: unknown;
}

/** Every policy that counts for a user, as AWS has it: their own and their groups', inline and attached. */
export async function policiesOf(iam: IAM, UserName: string): Promise<NamedDocument[]> {
  const inline = await iam.listUserPolicies({ UserName });
  const attached = await iam.listAttachedUserPolicies({ UserName });
  const groups = await iam.listGroupsForUser({ UserName });
  const own = (inline.PolicyNames ?? []).map(async (PolicyName) => {
    const { PolicyDocument } = await iam.getUserPolicy({ UserName, PolicyName });
    return { name: `${UserName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
  });
  const managed = (attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) =>
    managedPolicy(iam, PolicyArn),
  );
  const grouped = (groups.Groups ?? []).map(({ GroupName = "" }) => groupPolicies(iam, GroupName));
  return [...(await Promise.all([...own, ...managed])), ...(await Promise.all(grouped)).flat()];
}

/** Every policy that says what a role may, inline and attached. */
export async function rolePoliciesOf(iam: IAM, RoleName: string): Promise<NamedDocument[]> {
  const inline = await iam.listRolePolicies({ RoleName });
  const attached = await iam.listAttachedRolePolicies({ RoleName });
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
      return { name: `${RoleName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

export async function trustPolicyOf(iam: IAM, RoleName: string): Promise<{ arn: string; policy: unknown }> {
  const { Role } = await iam.getRole({ RoleName });
  return { arn: Role?.Arn ?? "", policy: parseDocument(Role?.AssumeRolePolicyDocument) };
}

export async function arnOfUser(iam: IAM, UserName: string): Promise<string> {
  const { User } = await iam.getUser({ UserName });
  return User?.Arn ?? "";
}

async function groupPolicies(iam: IAM, GroupName: string): Promise<NamedDocument[]> {
  const inline = await iam.listGroupPolicies({ GroupName });
  const attached = await iam.listAttachedGroupPolicies({ GroupName });
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.getGroupPolicy({ GroupName, PolicyName });
      return { name: `${GroupName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

/** The default version of a managed policy. */
export async function managedPolicy(iam: IAM, PolicyArn: string): Promise<NamedDocument> {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: Policy?.DefaultVersionId });
  return { name: PolicyArn, policy: parseDocument(PolicyVersion?.Document) };
}

/** The IAM API gives documents as URL-encoded JSON (RFC 3986). */
export function parseDocument(document: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(document ?? ""));
}
