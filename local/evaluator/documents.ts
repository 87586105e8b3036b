import type { IAM } from "@aws-sdk/client-iam";
import { attachedArns, decodedDocument, inlinePolicies, type Owner } from "../provider/iam/policy-calls";

export interface NamedDocument {
  readonly name: string;
  readonly policy: unknown;
}

/** The policies that apply to a user: the user's own and those of the user's groups, inline and attached. */
export async function policiesOf(iam: IAM, UserName: string): Promise<NamedDocument[]> {
  const { Groups = [] } = await iam.listGroupsForUser({ UserName });
  const policies = await Promise.all([
    ownPolicies(iam, "user", UserName),
    ...Groups.map(({ GroupName = "" }) => ownPolicies(iam, "group", GroupName)),
  ]);
  return policies.flat();
}

/** A role's permissions policies, inline and attached. */
export function rolePoliciesOf(iam: IAM, RoleName: string): Promise<NamedDocument[]> {
  return ownPolicies(iam, "role", RoleName);
}

async function ownPolicies(iam: IAM, owner: Owner, name: string): Promise<NamedDocument[]> {
  const inline = await inlinePolicies(iam, owner, name);
  const arns = await attachedArns(iam, owner, name);
  return [
    ...inline.map((each) => ({ name: `${name}/${each.name}`, policy: JSON.parse(each.policy) })),
    ...(await Promise.all(arns.map((arn) => managedPolicy(iam, arn)))),
  ];
}

/** The default version of a managed policy. */
export async function managedPolicy(iam: IAM, PolicyArn: string): Promise<NamedDocument> {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: Policy?.DefaultVersionId });
  return { name: PolicyArn, policy: parseDocument(PolicyVersion?.Document) };
}

/** Parses a document from the IAM API. */
export function parseDocument(document: string | undefined): unknown {
  return JSON.parse(decodedDocument(document));
}
