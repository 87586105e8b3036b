import {
  type IAMClient,
  ListAccountAliasesCommand,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Aws } from "../../aws/connect";
import { failureOf } from "../../aws/explain";
import type { AuditInput, UserRecord } from "../input";
import { lastUsesOf, membersOf } from "../usage/last-use";
import { type Authorization, readAuthorization } from "./authorization";
import { type CredentialReport, readCredentialReport } from "./credential-report";
import { rootUser } from "./root-user";

/** Told of every page that was read. */
export type Progress = (account: string, found: Pick<Authorization, "users" | "groups" | "roles">) => void;

const NOTHING: Authorization = { users: [], groups: [], roles: [], policies: [], awsPolicies: [] };

/**
 * Reads an account. What cannot be read is named as the source's trouble, and what was read until then is there as far
 * as it can be judged without the rest.
 */
export async function readAccount(
  { iam }: Pick<Aws, "iam">,
  account: string,
  abort: AbortSignal,
  progress: Progress,
): Promise<AuditInput> {
  // AWS takes a while to make the report. Nobody waits for it where there is nothing to join it with.
  const needless = new AbortController();
  const aborted = AbortSignal.any([abort, needless.signal]);
  const named = aliasOf(iam, aborted);
  const virtual = withVirtualDevice(iam, aborted);
  const credentials = readCredentialReport(iam, aborted).then(
    (report) => ({ report }),
    (error: unknown) => ({ error }),
  );
  let found = NOTHING;
  let trouble: AuditInput["trouble"];
  try {
    for await (const all of readAuthorization(iam, abort)) {
      found = all;
      progress(account, found);
    }
  } catch (error) {
    trouble = troubleOf("read the account", error, abort);
  }
  if (trouble !== undefined) {
    needless.abort();
    // A group's or a user's policies may stand on a page that was not read; a role's trust policy is on its own.
    return {
      kind: "account",
      name: account,
      trouble,
      resources: found.roles,
      notes: ["Only roles, as far as they could be read: the policies of groups and users are not known."],
    };
  }
  const read = await credentials;
  const alias = await named;
  if ("report" in read)
    return { ...sourceOf(account, found, withKinds(read.report, await virtual)), ...alias };
  return {
    ...sourceOf(account, found, undefined),
    ...alias,
    trouble: troubleOf("read the credential report", read.error, abort),
  };
}

/** The alias, for people alone: the audit is whole without it, such as where the role's permissions are from before it was read. */
async function aliasOf(iam: IAMClient, abortSignal: AbortSignal): Promise<Pick<AuditInput, "alias">> {
  try {
    const { AccountAliases = [] } = await iam.send(new ListAccountAliasesCommand({}), { abortSignal });
    const [alias] = AccountAliases;
    return alias === undefined ? {} : { alias };
  } catch {
    return {};
  }
}

/** The ARNs of the users with a virtual device; `undefined` where AWS does not say, without which the audit is whole too. */
async function withVirtualDevice(
  client: IAMClient,
  abortSignal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const arns = new Set<string>();
  try {
    const asked = { AssignmentStatus: "Assigned", MaxItems: 1000 } as const;
    for await (const page of paginateListVirtualMFADevices({ client }, asked, { abortSignal }))
      for (const { User } of page.VirtualMFADevices ?? []) if (User?.Arn !== undefined) arns.add(User.Arn);
    return arns;
  } catch {
    return undefined;
  }
}

function withKinds(report: CredentialReport, virtual: ReadonlySet<string> | undefined): CredentialReport {
  if (virtual === undefined) return report;
  const users = [...report.users].map(([arn, user]) => {
    const deviceKind = virtual.has(arn) ? ("virtual" as const) : ("hardware or passkey" as const);
    return [arn, user.mfaDevice ? { ...user, deviceKind } : user] as const;
  });
  return { ...report, users: new Map(users) };
}

/**
 * All that is known of an account, as resources to judge.
 *
 * @param report what is set up for its users, where that is known
 * @param isWhole whether `found` has all users: who is in a group, and so who uses it, is not known otherwise
 */
export function sourceOf(
  account: string,
  found: Authorization,
  report: CredentialReport | undefined,
  isWhole = true,
): AuditInput {
  const { users, groups, roles, policies, awsPolicies } = found;
  const known = new Map<string, UserRecord>();
  const withCredentials = users.flatMap((user) => {
    const record = report?.users.get(user.urn);
    if (record === undefined) {
      known.set(user.urn, "unknown");
      return [user];
    }
    const { name, ...setup } = record;
    known.set(user.urn, setup);
    return credentialsOf(user, setup);
  });
  const root = report === undefined ? undefined : rootUser(account, report);
  return {
    kind: "account",
    name: account,
    resources: [...withCredentials, ...groups, ...roles, ...policies],
    awsPolicies: new Map(awsPolicies.map(({ urn, props }) => [urn, props.PolicyDocument])),
    users: known,
    lastUses: lastUsesOf(isWhole ? found : { ...found, groups: [] }, known),
    ...(isWhole ? { members: membersOf(found) } : {}),
    remarks: new Map(roles.flatMap(({ urn }) => remarkOn(urn).map((remark) => [urn, remark]))),
    notes: [
      ...notesOn(report, users.length),
      ...(report !== undefined && root === undefined ? [NO_ROOT] : []),
    ],
    ...(root === undefined ? {} : { subjects: [root] }),
  };
}

/**
 * A user with what they can come in with: each access key that is active, and a password. With a device assigned, AWS asks for its
 * code at every sign-in with the password. Source: IAM user guide, "Using MFA devices with your IAM sign-in page".
 */
function credentialsOf(
  user: Resource,
  { password, mfaDevice, accessKeys }: Exclude<UserRecord, "unknown">,
): Resource[] {
  const active = accessKeys.filter((key) => key.active);
  return [
    password === null || mfaDevice ? user : { ...user, props: { ...user.props, LoginProfile: {} } },
    ...active.map((_, index) => ({
      ...user,
      urn: `${user.urn}#access-key-${index + 1}`,
      type: "AWS::IAM::AccessKey",
      props: { UserName: user.props.UserName },
    })),
  ];
}

function remarkOn(arn: string): readonly string[] {
  if (/:role\/aws-service-role\//.test(arn)) {
    return ["A service-linked role: AWS made it for a service, and nobody can change its trust policy."];
  }
  if (/:role\/aws-reserved\//.test(arn)) {
    return ["AWS manages this role for IAM Identity Center, and nobody can change its trust policy here."];
  }
  return [];
}

const NO_ROOT = "The credential report has no row for the root user, so its state is unknown.";

function notesOn(report: CredentialReport | undefined, users: number): readonly string[] {
  const sessions = "AWS does not report the maximum session duration of roles for a whole account.";
  if (report === undefined)
    return users === 0 ? [sessions] : ["What is set up for users is not known.", sessions];
  const counted =
    "Of users only passwords and access keys are counted: signing certificates, SSH keys and credentials for a single service are not.";
  const { madeAt = "an unknown time" } = report;
  return [
    `Passwords, access keys and MFA devices are as of ${madeAt}: AWS makes a new credential report every four hours.`,
    ...(users === 0 ? [] : [counted]),
    sessions,
  ];
}

function troubleOf(what: string, error: unknown, abort: AbortSignal): NonNullable<AuditInput["trouble"]> {
  if (abort.aborted) {
    return { problem: "Interrupted before all of it was read.", remedy: "Run this again for the whole." };
  }
  const { problem, remedy, detail } = failureOf(what, error);
  return { problem: [problem, detail].filter(Boolean).join(" "), remedy };
}
