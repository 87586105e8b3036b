import {
  type Account,
  DescribePolicyCommand,
  type OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListPolicies,
  paginateListTargetsForPolicy,
} from "@aws-sdk/client-organizations";
import { type Limit, mayDeny, memoize, parseLimit } from "aws-mfa-policy-pack/iam";
import { limitName } from "aws-mfa-policy-pack/messages";
import { LIMIT_KINDS } from "../limits/organization-types";
import { errorsText } from "../refused-policy";

/** The SCPs and RCPs of an organization. */
export interface OrganizationPolicies {
  /** Those that deny something, each with the member accounts under it. */
  readonly limits: readonly Limit[];
  /** Those whose documents cannot be evaluated, each in a sentence. */
  readonly unread: readonly string[];
}

/** @param accounts all accounts of the organization */
export async function readLimits(
  client: OrganizationsClient,
  accounts: readonly Account[],
  abortSignal: AbortSignal,
): Promise<OrganizationPolicies> {
  const members = membersOf(accounts);
  const below = new Map<string, Promise<readonly string[]>>();
  const limits: Limit[] = [];
  const unread: string[] = [];
  for (const [Filter, kind] of LIMIT_KINDS) {
    for await (const { Policies = [] } of paginateListPolicies({ client }, { Filter }, { abortSignal })) {
      for (const { Id: PolicyId, Name, AwsManaged } of Policies) {
        // AWS managed SCPs and RCPs allow everything.
        if (PolicyId === undefined || AwsManaged === true) continue;
        const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId }), { abortSignal });
        const name = `${PolicyId} (${Name})`;
        const read = parseLimit(Policy?.Content, { kind, name });
        if (!read.ok) {
          const open = `What only ${limitName({ kind, name })} closes counts as open`;
          unread.push(`${open}: it cannot be evaluated (${errorsText(read.errors)}).`);
        } else if (mayDeny(read.limit)) {
          const found = new Set(await accountsUnder(PolicyId));
          limits.push({ ...read.limit, accounts: new Set(members.filter((id) => found.has(id))) });
        }
      }
    }
  }
  return { limits, unread };

  async function accountsUnder(PolicyId: string): Promise<readonly string[]> {
    const found: string[] = [];
    const targets = paginateListTargetsForPolicy({ client }, { PolicyId }, { abortSignal });
    for await (const { Targets = [] } of targets)
      for (const { TargetId = "", Type } of Targets)
        found.push(
          ...(Type === "ROOT" ? members : Type === "ACCOUNT" ? [TargetId] : await accountsBelow(TargetId)),
        );
    return found;
  }

  function accountsBelow(ParentId: string): Promise<readonly string[]> {
    return memoize(below, ParentId, async () => {
      const found: string[] = [];
      const own = paginateListAccountsForParent({ client }, { ParentId }, { abortSignal });
      for await (const { Accounts = [] } of own) found.push(...Accounts.flatMap(({ Id }) => Id ?? []));
      const units = paginateListOrganizationalUnitsForParent({ client }, { ParentId }, { abortSignal });
      for await (const { OrganizationalUnits = [] } of units)
        for (const { Id = "" } of OrganizationalUnits) found.push(...(await accountsBelow(Id)));
      return found;
    });
  }
}

/**
 * All accounts but the management account, which no SCP or RCP limits. The ARN of each account has its id.
 * Source: Organizations API reference, `Account`.
 */
function membersOf(accounts: readonly Account[]): readonly string[] {
  return accounts.flatMap(({ Id, Arn = "" }) => {
    const [, management] = /^arn:[^:]+:organizations::(\d{12}):account\//.exec(Arn) ?? [];
    return Id === undefined || management === undefined || Id === management ? [] : [Id];
  });
}
