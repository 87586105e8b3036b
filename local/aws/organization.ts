import type { PolicyType } from "@aws-sdk/client-organizations";
import type { NamedDocument } from "../evaluator/documents";
import type { Account, Accounts } from "./account";

/** The policies of one level of an organization: its root, an organizational unit, or the account itself. */
export interface Level {
  readonly orgIdentifier: string;
  readonly policies: NamedDocument[];
}

/**
 * The SCPs or RCPs that apply to an account, from the root of its organization down. None apply to the management account, or to an
 * account without an organization.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export async function organizationPolicies(
  account: string,
  type: PolicyType,
  accounts: Accounts,
): Promise<Level[]> {
  const management = await managementAccount(accounts(account));
  if (management === undefined || management === account) return [];
  const { organizations } = accounts(management);
  const targets = [account];
  while (!targets[0]?.startsWith("r-")) {
    const { Parents = [] } = await organizations.listParents({ ChildId: targets[0] });
    const [parent] = Parents;
    if (parent?.Id === undefined) break;
    targets.unshift(parent.Id);
  }
  return Promise.all(
    targets.map(async (TargetId) => {
      const { Policies = [] } = await organizations.listPoliciesForTarget({ TargetId, Filter: type });
      // The evaluator itself adds AWS's own RCP, which allows everything.
      const own = Policies.filter(({ AwsManaged }) => !(AwsManaged && type === "RESOURCE_CONTROL_POLICY"));
      const policies = own.map(async ({ Id: PolicyId, Name: name = "" }) => {
        const { Policy } = await organizations.describePolicy({ PolicyId });
        return { name, policy: JSON.parse(Policy?.Content ?? "{}") };
      });
      return { orgIdentifier: TargetId, policies: await Promise.all(policies) };
    }),
  );
}

async function managementAccount({ organizations }: Account): Promise<string | undefined> {
  try {
    const { Organization } = await organizations.describeOrganization();
    return Organization?.MasterAccountId;
  } catch (error) {
    if (error instanceof Error && error.name === "AWSOrganizationsNotInUseException") return undefined;
    throw error;
  }
}
