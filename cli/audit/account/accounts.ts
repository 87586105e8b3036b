import { type Account, OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Limit } from "aws-mfa-policy-pack/iam";
import { type Aws, connect, settingsOf, type Who } from "../../aws/connect";
import { attempt, failureOf } from "../../aws/explain";
import { callerIdentity, type Identity } from "../../aws/identity";
import { sessionCredentials } from "../../aws/session-credentials";
import { Failure } from "../../failure";
import type { AuditInput } from "../input";
import type { NotLookedAt } from "../report";
import { NOT_STARTED, troubleOf } from "../trouble";
import { type Progress, readAccount } from "./account";
import { readLimits } from "./organization-policies";

/** How many accounts are read at once. IAM throttles each account, and STS the account of the credentials. */
const AT_ONCE = 8;
const SESSION = "aws-mfa-audit";

export interface AccountOptions {
  readonly who: Who;
  readonly abort: AbortSignal;
  readonly progress: Progress;
}

/** Reads the account of the credentials or, with a role's ARN, that of the role. Throws Failure if AWS rejects either. */
export async function readOneAccount(
  options: AccountOptions,
  roleArn: string | undefined,
): Promise<AuditInput> {
  const { abort, progress } = options;
  using own = await connect({ ...options.who, patient: true });
  using aws = roleArn === undefined ? own : await asRole(own, options, roleArn);
  const { account } = await callerIdentity(aws, abort);
  return await readAccount(aws, account, abort, progress);
}

/**
 * Reads every active account of the organization: the account of the credentials with these, and each other account through its role
 * of this name. Calls `onRead` for each as soon as it is read, with the organization's SCPs and RCPs. An account that denies access
 * has trouble, and does not stop the others.
 *
 * @throws Failure if the organization's accounts cannot be listed, or none of them is active
 */
export async function readOrganization(
  options: AccountOptions,
  roleName: string,
  onRead: (input: AuditInput, limits: readonly Limit[]) => void,
): Promise<void> {
  using own = await connect({ ...options.who, patient: true });
  const identity = await callerIdentity(own, options.abort);
  const { accounts, limits, ...unread } = await organizationOf(options);
  const { default: pMap } = await import("p-map");
  await pMap(
    accounts,
    async (account) => {
      const input = await readMember(options, own, identity, account, roleName);
      const { notes, notLookedAt } = account.Id === identity.account ? unread : { notes: [] };
      onRead(
        {
          ...input,
          notes: [...(input.notes ?? []), ...notes],
          notLookedAt: { ...input.notLookedAt, ...notLookedAt },
        },
        limits,
      );
    },
    { concurrency: AT_ONCE },
  );
}

interface Organization {
  readonly accounts: readonly Account[];
  readonly limits: readonly Limit[];
  /** Which SCPs and RCPs are not known, and why. */
  readonly notes: readonly string[];
  readonly notLookedAt: NotLookedAt;
}

/** If its SCPs and RCPs cannot be read, the audit goes on without them: what only they close counts as open. */
async function organizationOf({ who, abort: abortSignal }: AccountOptions): Promise<Organization> {
  const client = new OrganizationsClient(await settingsOf({ ...who, patient: true }));
  try {
    const accounts = await attempt("list the organization's accounts", async () => {
      const all: Account[] = [];
      for await (const page of paginateListAccounts({ client }, {}, { abortSignal }))
        all.push(...(page.Accounts ?? []));
      return all;
    });
    if (!accounts.some(isActive)) throw nothingToLookAt(accounts);
    try {
      const { limits, unread } = await readLimits(client, accounts, abortSignal);
      return { accounts, limits, notes: unread, notLookedAt: { limits: unread.length } };
    } catch (error) {
      const { problem, remedy } = failureOf("read the organization's SCPs and RCPs", error);
      return {
        accounts,
        limits: [],
        notes: [`${problem} What only they close counts as open. ${remedy}`],
        notLookedAt: { organizationPolicies: 1 },
      };
    }
  } finally {
    client.destroy();
  }
}

function isActive({ Status }: Account): boolean {
  return Status === undefined || Status === "ACTIVE";
}

/** Without it, a report of no account would say that nobody gets in. */
function nothingToLookAt(accounts: readonly Account[]): Failure {
  const found = accounts.map(({ Id, Status }) => `${Id} is ${statusText(Status)}`).join(", ");
  return new Failure(
    "unseen",
    accounts.length === 0
      ? "The organization lists no account, so nothing was evaluated."
      : `No account of the organization is active, so nothing was evaluated: ${found}.`,
    "Use credentials of the management account, or of a delegated administrator that may list accounts. Without --organization, only the account of the credentials is audited.",
  );
}

/** Such as `pending closure`. */
function statusText(status = ""): string {
  return status.toLowerCase().replaceAll("_", " ");
}

async function readMember(
  options: AccountOptions,
  own: Aws,
  identity: Identity,
  account: Account,
  roleName: string,
): Promise<AuditInput> {
  const { abort, progress } = options;
  const { Id: id = "", Status } = account;
  const unread = { kind: "account", name: id, resources: [] } as const;
  if (!isActive(account)) {
    const notes = [`Not looked at: the account is ${statusText(Status)}.`];
    return { ...unread, notes, notLookedAt: { accounts: 1 } };
  }
  if (abort.aborted) return { ...unread, trouble: NOT_STARTED };
  if (id === identity.account) return readAccount(own, id, abort, progress);
  try {
    using aws = await asRole(own, options, roleIn(id, roleName, identity));
    return await readAccount(aws, id, abort, progress);
  } catch (error) {
    return { ...unread, trouble: abort.aborted ? NOT_STARTED : troubleOf("reach the account", error, abort) };
  }
}

function roleIn(account: string, roleName: string, { arn }: Identity): string {
  return `arn:${arn.split(":")[1] ?? "aws"}:iam::${account}:role/${roleName}`;
}

async function asRole(own: Aws, { who, abort }: AccountOptions, roleArn: string): Promise<Aws> {
  return connect({ ...who, patient: true, credentials: await assumed(own, abort, roleArn) });
}

async function assumed(own: Aws, abortSignal: AbortSignal, RoleArn: string) {
  return attempt(`assume ${RoleArn}`, async () => {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: SESSION });
    const { Credentials } = await own.sts.send(command, { abortSignal });
    return sessionCredentials(Credentials);
  });
}

/** The roles through which other accounts are read. */
export interface Assumes {
  readonly roleArn?: string | undefined;
  readonly organization?: string | undefined;
}

/** The credentials that read an account: the caller's own, or those of the role in it, which are renewed as they expire. */
export async function whoIn(
  options: Pick<AccountOptions, "who" | "abort">,
  account: string,
  { roleArn, organization }: Assumes,
): Promise<Who> {
  const { who, abort } = options;
  if (roleArn === undefined && organization === undefined) return who;
  const withOwn = async <T>(work: (own: Aws) => Promise<T>): Promise<T> => {
    using own = await connect({ ...who, patient: true });
    return await work(own);
  };
  const identity = await withOwn((own) => callerIdentity(own, abort));
  if (roleArn === undefined && identity.account === account) return who;
  const role = roleArn ?? roleIn(account, organization ?? "", identity);
  return { ...who, credentials: () => withOwn((own) => assumed(own, abort, role)) };
}
