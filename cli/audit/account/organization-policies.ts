import {
  type Account,
  DescribePolicyCommand,
  type OrganizationsClient,
  type PolicyTargetSummary,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListPolicies,
  paginateListTargetsForPolicy,
} from "@aws-sdk/client-organizations";
import { type Limit, mayDeny, memoize, parseLimit } from "aws-mfa-policy-pack/iam";
import { limitName } from "aws-mfa-policy-pack/messages";
import { LIMIT_KINDS } from "../limits/organization-types";
import { errorsInWords } from "../refused-policy";

/** What is known of an organization's SCPs and RCPs. */
export interface OrganizationPolicies {
  /** Those that deny something, each with the member accounts under it. */
  readonly limits: readonly Limit[];
  /** Those whose documents cannot be judged, each in a sentence. */
  readonly unread: readonly string[];
}

/**
 * Reads the SCPs and RCPs of an organization.
 *
 * @param accounts all accounts of the organization
 */
export async function readLimits(
  client: OrganizationsClient,
  accounts: readonly Account[],
  abortSignal: AbortSignal,
): Promise<OrganizationPolicies> {
  const members = membersOf(accounts);
  const under = new Map<string, Promise<readonly string[]>>();
  const limits: Limit[] = [];
  const unread: string[] = [];
  for (const [Filter, kind] of LIMIT_KINDS) {
    for await (const { Policies = [] } of paginateListPolicies({ client }, { Filter }, { abortSignal })) {
      for (const { Id: PolicyId, Name, AwsManaged } of Policies) {
        // Those of AWS itself allow everything.
        if (PolicyId === undefined || AwsManaged === true) continue;
        const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }), { abortSignal });
        const name = `${PolicyId} (${Name})`;
        const read = parseLimit(Policy?.Content, { kind, name });
        if (!read.ok) {
          const closed = `What only ${limitName({ kind, name })} closes counts as open`;
          unread.push(`${closed}: it cannot be judged (${errorsInWords(read.errors)}).`);
          continue;
        }
        if (!mayDeny(read.limit)) continue;
        const found = new Set<string>();
        const targets = paginateListTargetsForPolicy({ client }, { PolicyId }, { abortSignal });
        for await (const { Targets = [] } of targets)
          for (const target of Targets) for (const id of await accountsIn(target)) found.add(id);
        limits.push({ ...read.limit, accounts: new Set(members.filter((id) => found.has(id))) });
      }
    }
  }
  return { limits, unread };

  async function accountsIn({ TargetId = "", Type }: PolicyTargetSummary): Promise<readonly string[]> {
    if (Type === "ROOT") return members;
    return Type === "ACCOUNT" ? [TargetId] : accountsUnder(TargetId);
  }

  function accountsUnder(ParentId: string): Promise<readonly string[]> {
    return memoize(under, ParentId, async () => {
      const found: string[] = [];
      const own = paginateListAccountsForParent({ client }, { ParentId }, { abortSignal });
      for await (const { Accounts = [] } of own) found.push(...Accounts.flatMap(({ Id }) => Id ?? []));
      const units = paginateListOrganizationalUnitsForParent({ client }, { ParentId }, { abortSignal });
      for await (const { OrganizationalUnits = [] } of units)
        for (const { Id = "" } of OrganizationalUnits) found.push(...(await accountsUnder(Id)));
      return found;
    });
  }
}

/**
 * The accounts without the management account, which no SCP or RCP limits. An account's ARN names it.
 * Source: Organizations API reference, `Account`.
 */
function membersOf(accounts: readonly Account[]): readonly string[] {
  return accounts.flatMap(({ Id, Arn = "" }) => {
    const [, management] = /^arn:[^:]+:organizations::(\d{12}):account\//.exec(Arn) ?? [];
    return Id === undefined || management === undefined || Id === management ? [] : [Id];
  });
}
