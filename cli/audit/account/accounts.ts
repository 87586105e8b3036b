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
import { type Progress, readAccount } from "./account";
import { readLimits } from "./organization-policies";

/** How many accounts are read at once; each has limits of its own, and STS one for all of them. */
const AT_ONCE = 8;
const SESSION = "aws-mfa-audit";

export interface AccountOptions {
  readonly who: Who;
  readonly abort: AbortSignal;
  readonly progress: Progress;
}

/** Reads the account of the credentials or, with a role's ARN, that of the role. Throws Failure where AWS refuses either. */
export async function readOneAccount(
  reading: AccountOptions,
  roleArn: string | undefined,
): Promise<AuditInput> {
  const { who, abort, progress } = reading;
  using own = await connect({ ...who, patient: true });
  using aws = roleArn === undefined ? own : await asRole(own, reading, roleArn);
  const { account } = await callerIdentity(aws, abort);
  return await readAccount(aws, account, abort, progress);
}

/**
 * Reads every active account of the organization: each through the role of this name in it, and the account of the
 * credentials with those. Yields each as soon as it is read, with the organization's policies; one that refuses has its trouble
 * said and stops nothing.
 *
 * @throws Failure where the organization's accounts cannot be listed, or there is none to look at
 */
export async function readOrganization(
  reading: AccountOptions,
  roleName: string,
  onRead: (source: AuditInput, limits: readonly Limit[]) => void,
): Promise<void> {
  const { who, abort } = reading;
  using own = await connect({ ...who, patient: true });
  const identity = await callerIdentity(own, abort);
  const { accounts, limits, notes, notLookedAt } = await organizationOf(who, abort);
  const { default: pMap } = await import("p-map");
  await pMap(
    accounts,
    async (account) => {
      const source = await readMember(reading, own, identity, account, roleName);
      const beside = account.Id === identity.account ? { notes, notLookedAt } : {};
      onRead(withMore(source, beside), limits);
    },
    { concurrency: AT_ONCE },
  );
}

function withMore(source: AuditInput, { notes = [], notLookedAt }: Partial<Organization>): AuditInput {
  return {
    ...source,
    notes: [...(source.notes ?? []), ...notes],
    notLookedAt: { ...source.notLookedAt, ...notLookedAt },
  };
}

interface Organization {
  readonly accounts: readonly Account[];
  readonly limits: readonly Limit[];
  /** Which of its policies are not known, and why. */
  readonly notes: readonly string[];
  readonly notLookedAt: NotLookedAt;
}

/** Without its policies the audit is whole: what only they close counts as open. */
async function organizationOf(who: Who, abortSignal: AbortSignal): Promise<Organization> {
  const client = new OrganizationsClient(await settingsOf({ ...who, patient: true }));
  try {
    const accounts = await attempt("list the organization's accounts", async () => {
      const all: Account[] = [];
      for await (const page of paginateListAccounts({ client }, {}, { abortSignal })) {
        all.push(...(page.Accounts ?? []));
      }
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

/** Of no account at all it would otherwise be said that nobody gets in. */
function nothingToLookAt(accounts: readonly Account[]): Failure {
  const found = accounts.map(({ Id, Status = "" }) => `${Id} is ${inWords(Status)}`).join(", ");
  return new Failure(
    "unseen",
    accounts.length === 0
      ? "The organization lists no account, so nothing was evaluated."
      : `No account of the organization is active, so nothing was evaluated: ${found}.`,
    "Use credentials of the management account, or of one that may list accounts for it; without --organization only their own account is looked at.",
  );
}

function inWords(status: string): string {
  return status.toLowerCase().replaceAll("_", " ");
}

async function readMember(
  reading: AccountOptions,
  own: Aws,
  identity: Identity,
  { Id: account = "", Status: status }: Account,
  roleName: string,
): Promise<AuditInput> {
  const { abort, progress } = reading;
  const unread = { kind: "account", name: account, resources: [] } as const;
  if (status !== undefined && status !== "ACTIVE") {
    return {
      ...unread,
      notes: [`Not looked at: the account is ${inWords(status)}.`],
      notLookedAt: { accounts: 1 },
    };
  }
  const interrupted = {
    ...unread,
    trouble: { problem: "Interrupted before it was read.", remedy: "Run this again to read everything." },
  };
  if (abort.aborted) return interrupted;
  if (account === identity.account) return readAccount(own, account, abort, progress);
  const partition = identity.arn.split(":")[1] ?? "aws";
  try {
    using aws = await asRole(own, reading, `arn:${partition}:iam::${account}:role/${roleName}`);
    return await readAccount(aws, account, abort, progress);
  } catch (error) {
    if (abort.aborted) return interrupted;
    const { problem, remedy, detail } = failureOf("reach the account", error);
    return { ...unread, trouble: { problem: [problem, detail].filter(Boolean).join(" "), remedy } };
  }
}

async function asRole(own: Aws, { who, abort }: AccountOptions, roleArn: string): Promise<Aws> {
  return connect({ ...who, patient: true, credentials: await assumed(own, abort, roleArn) });
}

async function assumed(own: Aws, abort: AbortSignal, roleArn: string) {
  return attempt(`assume ${roleArn}`, async () => {
    const asked = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: SESSION });
    const { Credentials } = await own.sts.send(asked, { abortSignal: abort });
    return sessionCredentials(Credentials);
  });
}

/** How other accounts are reached. */
export interface Assumes {
  readonly roleArn?: string | undefined;
  readonly organization?: string | undefined;
}

/** Whose credentials read an account: the person's own, or those of the role in it, again and again as they expire. */
export async function whoIn(
  { who, abort }: Pick<AccountOptions, "who" | "abort">,
  account: string,
  { roleArn, organization }: Assumes,
): Promise<Who> {
  if (roleArn === undefined && organization === undefined) return who;
  const withOwn = async <T>(work: (own: Aws) => Promise<T>): Promise<T> => {
    using own = await connect({ ...who, patient: true });
    return await work(own);
  };
  const identity = await withOwn((own) => callerIdentity(own, abort));
  const role = roleArn ?? `arn:${identity.arn.split(":")[1] ?? "aws"}:iam::${account}:role/${organization}`;
  if (roleArn === undefined && identity.account === account) return who;
  return { ...who, credentials: () => withOwn((own) => assumed(own, abort, role)) };
}
