import type { Aws } from "../aws";
import type { Properties } from "../kind";
import { isRecord, text } from "../value";

export interface InlinePolicy {
  readonly name: string;
  readonly policy: string;
}

export async function managedPolicyArns({ iam }: Aws, RoleName: string): Promise<string[]> {
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  return AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

export async function inlinePolicies({ iam }: Aws, RoleName: string): Promise<InlinePolicy[]> {
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  return Promise.all(
    PolicyNames.map(async (name) => {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName: name });
      return { name, policy: decodeURIComponent(PolicyDocument ?? "") };
    }),
  );
}

/** The `inlinePolicies` of a role's inputs; `undefined` where the program does not manage them. */
export function wantedInlinePolicies({ inlinePolicies }: Properties): InlinePolicy[] | undefined {
  if (!Array.isArray(inlinePolicies)) return undefined;
  return inlinePolicies.filter(isRecord).map((policy) => ({
    name: text(policy, "name"),
    policy: text(policy, "policy"),
  }));
}
