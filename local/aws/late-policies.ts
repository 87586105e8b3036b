import { type NamedDocument, parseDocument, policiesOf, rolePoliciesOf } from "../evaluator/documents";
import type { Account } from "./account";

/** The policies of an account before a change that has not taken effect. */
export interface KnownPolicies {
  /** Whether the change has taken effect by now. */
  readonly tookEffect: () => boolean;
  /** By the ARN of the user or role. */
  readonly identity: ReadonlyMap<string, readonly NamedDocument[]>;
  /** By the ARN of the role. */
  readonly trust: ReadonlyMap<string, unknown>;
}

/**
 * Whether an IAM action changes policies, which AWS may apply only seconds later.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export function changesPolicies(action: string): boolean {
  return /^(Put|Attach|Detach|Delete|Update|Create|SetDefault).*Policy(Version)?$|^CreateRole$|^(AddUserTo|RemoveUserFrom)Group$/.test(
    action,
  );
}

export async function policiesIn({ iam }: Account, tookEffect: () => boolean): Promise<KnownPolicies> {
  const identity = new Map<string, readonly NamedDocument[]>();
  const trust = new Map<string, unknown>();
  for await (const { Users = [] } of iam.paginateListUsers())
    for (const { UserName = "", Arn = "" } of Users) identity.set(Arn, await policiesOf(iam, UserName));
  for await (const { Roles = [] } of iam.paginateListRoles()) {
    for (const { RoleName = "", Arn = "", AssumeRolePolicyDocument } of Roles) {
      identity.set(Arn, await rolePoliciesOf(iam, RoleName));
      trust.set(Arn, parseDocument(AssumeRolePolicyDocument));
    }
  }
  return { tookEffect, identity, trust };
}
