import type { AttachedPolicy, IAM } from "@aws-sdk/client-iam";

/** What has policies of its own. */
export type Owner = "user" | "group" | "role";

/** The calls on the policies of an owner, which its name identifies. */
export interface PolicyCalls {
  list(name: string): Promise<{ PolicyNames?: string[] | undefined }>;
  get(name: string, PolicyName: string): Promise<{ PolicyDocument?: string | undefined }>;
  put(name: string, PolicyName: string, PolicyDocument: string): Promise<unknown>;
  delete(name: string, PolicyName: string): Promise<unknown>;
  listAttached(name: string): Promise<{ AttachedPolicies?: AttachedPolicy[] | undefined }>;
  attach(name: string, PolicyArn: string): Promise<unknown>;
  detach(name: string, PolicyArn: string): Promise<unknown>;
}

export function policyCalls(iam: IAM, owner: Owner): PolicyCalls {
  switch (owner) {
    case "user":
      return {
        list: (UserName) => iam.listUserPolicies({ UserName }),
        get: (UserName, PolicyName) => iam.getUserPolicy({ UserName, PolicyName }),
        put: (UserName, PolicyName, PolicyDocument) =>
          iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
        delete: (UserName, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
        listAttached: (UserName) => iam.listAttachedUserPolicies({ UserName }),
        attach: (UserName, PolicyArn) => iam.attachUserPolicy({ UserName, PolicyArn }),
        detach: (UserName, PolicyArn) => iam.detachUserPolicy({ UserName, PolicyArn }),
      };
    case "group":
      return {
        list: (GroupName) => iam.listGroupPolicies({ GroupName }),
        get: (GroupName, PolicyName) => iam.getGroupPolicy({ GroupName, PolicyName }),
        put: (GroupName, PolicyName, PolicyDocument) =>
          iam.putGroupPolicy({ GroupName, PolicyName, PolicyDocument }),
        delete: (GroupName, PolicyName) => iam.deleteGroupPolicy({ GroupName, PolicyName }),
        listAttached: (GroupName) => iam.listAttachedGroupPolicies({ GroupName }),
        attach: (GroupName, PolicyArn) => iam.attachGroupPolicy({ GroupName, PolicyArn }),
        detach: (GroupName, PolicyArn) => iam.detachGroupPolicy({ GroupName, PolicyArn }),
      };
    case "role":
      return {
        list: (RoleName) => iam.listRolePolicies({ RoleName }),
        get: (RoleName, PolicyName) => iam.getRolePolicy({ RoleName, PolicyName }),
        put: (RoleName, PolicyName, PolicyDocument) =>
          iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument }),
        delete: (RoleName, PolicyName) => iam.deleteRolePolicy({ RoleName, PolicyName }),
        listAttached: (RoleName) => iam.listAttachedRolePolicies({ RoleName }),
        attach: (RoleName, PolicyArn) => iam.attachRolePolicy({ RoleName, PolicyArn }),
        detach: (RoleName, PolicyArn) => iam.detachRolePolicy({ RoleName, PolicyArn }),
      };
  }
}

/** An owner's inline policies, as JSON text. */
export async function inlinePolicies(
  iam: IAM,
  owner: Owner,
  name: string,
): Promise<{ name: string; policy: string }[]> {
  const calls = policyCalls(iam, owner);
  const { PolicyNames = [] } = await calls.list(name);
  return Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await calls.get(name, PolicyName);
      return { name: PolicyName, policy: decodedDocument(PolicyDocument) };
    }),
  );
}

/** The ARNs of an owner's managed policies. */
export async function attachedArns(iam: IAM, owner: Owner, name: string): Promise<string[]> {
  const { AttachedPolicies = [] } = await policyCalls(iam, owner).listAttached(name);
  return AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

/** Deletes an owner's inline policies and detaches its managed ones. */
export async function removePolicies(iam: IAM, owner: Owner, name: string): Promise<void> {
  const calls = policyCalls(iam, owner);
  const { PolicyNames = [] } = await calls.list(name);
  for (const PolicyName of PolicyNames) await calls.delete(name, PolicyName);
  for (const arn of await attachedArns(iam, owner, name)) await calls.detach(name, arn);
}

/** The IAM API returns documents as URL-encoded JSON (RFC 3986). */
export function decodedDocument(document = ""): string {
  return decodeURIComponent(document);
}
