import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from "@aws-sdk/client-iam";

export interface NamedDocument {
  readonly name: string;
  readonly policy: unknown;
}

/** Every policy that counts for a user, as AWS has it: their own and their groups', inline and attached. */
export async function policiesOf(iam: IAMClient, UserName: string): Promise<NamedDocument[]> {
  const inline = await iam.send(new ListUserPoliciesCommand({ UserName }));
  const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  const groups = await iam.send(new ListGroupsForUserCommand({ UserName }));
  const own = (inline.PolicyNames ?? []).map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    return { name: `${UserName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
  });
  const managed = (attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) =>
    managedPolicy(iam, PolicyArn),
  );
  const grouped = (groups.Groups ?? []).map(({ GroupName = "" }) => groupPolicies(iam, GroupName));
  return [...(await Promise.all([...own, ...managed])), ...(await Promise.all(grouped)).flat()];
}

/** Every policy that says what a role may, inline and attached. */
export async function rolePoliciesOf(iam: IAMClient, RoleName: string): Promise<NamedDocument[]> {
  const inline = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: `${RoleName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

export async function trustPolicyOf(
  iam: IAMClient,
  RoleName: string,
): Promise<{ arn: string; policy: unknown }> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return { arn: Role?.Arn ?? "", policy: parseDocument(Role?.AssumeRolePolicyDocument) };
}

export async function arnOfUser(iam: IAMClient, UserName: string): Promise<string> {
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  return User?.Arn ?? "";
}

async function groupPolicies(iam: IAMClient, GroupName: string): Promise<NamedDocument[]> {
  const inline = await iam.send(new ListGroupPoliciesCommand({ GroupName }));
  const attached = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName }));
      return { name: `${GroupName}/${PolicyName}`, policy: parseDocument(PolicyDocument) };
    }),
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

/** The default version of a managed policy. */
export async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<NamedDocument> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return { name: PolicyArn, policy: parseDocument(PolicyVersion?.Document) };
}

/** The IAM API gives documents as URL-encoded JSON (RFC 3986). */
export function parseDocument(document: string | undefined): unknown {
  return JSON.parse(decodeURIComponent(document ?? ""));
}
