import { type NamedDocument, parseDocument, policiesOf, rolePoliciesOf } from "../evaluator/documents";
import type { Account } from "./account";

/** The policies of an account as they were before a change that does not count yet. */
export interface KnownPolicies {
  /** Whether the change counts by now. */
  readonly changed: () => boolean;
  /** By the ARN of the user or role. */
  readonly identity: ReadonlyMap<string, readonly NamedDocument[]>;
  /** By the ARN of the role. */
  readonly trust: ReadonlyMap<string, unknown>;
}

/**
 * A change of IAM that AWS may decide by only some seconds later.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
export function changesPolicies(action: string): boolean {
  return /^(Put|Attach|Detach|Delete|Update|Create|SetDefault).*Policy(Version)?$|^CreateRole$|^(AddUserTo|RemoveUserFrom)Group$/.test(
    action,
  );
}

export async function policiesIn({ iam }: Account, changed: () => boolean): Promise<KnownPolicies> {
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
  return { changed, identity, trust };
}
