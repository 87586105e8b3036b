import { type IAMClient, ListAccountAliasesCommand } from "@aws-sdk/client-iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Aws } from "../../aws/connect";
import { failureOf } from "../../aws/explain";
import type { AuditInput, UserRecord } from "../input";
import { unlisted } from "../render/words";
import type { NotLookedAt, Subject } from "../report";
import { lastUsesOf, membersOf } from "../usage/last-use";
import { type Authorization, readAuthorization } from "./authorization";
import { type CredentialReport, readCredentialReport } from "./credential-report";
import { kindsOf, readDevices } from "./devices";
import { type Listed, NOTHING_LISTED, readListed } from "./listed";
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
  const names = found.users.map(({ name }) => name);
  const [read, listed] = await Promise.all([credentials, readListed(iam, names, abort)]);
  const alias = await named;
  if ("report" in read) {
    const devices = await readDevices(iam, read.report, abort);
    return { ...sourceOf(account, found, read.report, true, { ...listed, devices }), ...alias };
  }
  return {
    ...sourceOf(account, found, undefined),
    ...alias,
    // The source counts the report already.
    trouble: { ...troubleOf("read the credential report", read.error, abort), notLookedAt: {} },
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

/**
 * All that is known of an account, as resources to judge.
 *
 * @param report what is set up for its users, where that is known
 * @param isWhole whether `found` has all users: who is in a group, and so who uses it, is not known otherwise
 * @param listed what else is known of its users
 */
export function sourceOf(
  account: string,
  found: Authorization,
  report: CredentialReport | undefined,
  isWhole = true,
  listed = NOTHING_LISTED,
): AuditInput {
  const { users, groups, roles, policies, awsPolicies } = found;
  const known = new Map<string, UserRecord>();
  const withCredentials = users.flatMap((user) => {
    const record = report?.users.get(user.urn);
    if (record === undefined) {
      known.set(user.urn, "unknown");
      return [user];
    }
    const { name, ...setup } = { ...record, ...listedOf(user, listed) };
    known.set(user.urn, setup);
    return credentialsOf(user, setup);
  });
  const root = report === undefined ? undefined : rootUser(account, report, listed);
  return {
    kind: "account",
    name: account,
    resources: [...withCredentials, ...groups, ...roles, ...policies],
    awsPolicies: new Map(awsPolicies.map(({ urn, props }) => [urn, props.PolicyDocument])),
    users: known,
    isAsked: listed.isWhole,
    lastUses: lastUsesOf(isWhole ? found : { ...found, groups: [] }, known),
    ...(isWhole ? { members: membersOf(found) } : {}),
    remarks: new Map([
      ...roles.flatMap(({ urn }) => remarkOn(urn).map((remark) => [urn, remark] as const)),
      ...[...known].flatMap(([urn, record]) => (isPasskeyOnly(record) ? [[urn, PASSKEY] as const] : [])),
    ]),
    notes: [
      ...notesOn(report, users.length, listed),
      ...(report !== undefined && root === undefined ? [NO_ROOT] : []),
    ],
    notLookedAt: notLookedAtOf(report, root, users.length, listed),
    ...(root === undefined ? {} : { subjects: [root] }),
  };
}

/**
 * A user with what they can come in with: each access key that is active, and a password. With a device assigned, AWS asks for its
 * code at every sign-in with the password. Source: IAM user guide, "Using MFA devices with your IAM sign-in page".
 */
function credentialsOf(
  user: Resource,
  { password, mfaDevice, accessKeys, serviceCredentials = [], sshPublicKeys = 0 }: SetupRecord,
): Resource[] {
  const { UserName } = user.props;
  const credentials = (type: string, count: number, props: object): Resource[] =>
    Array.from({ length: count }, (_, index) => ({
      ...user,
      urn: `${user.urn}#${type}-${index + 1}`,
      type,
      props: { ...props },
    }));
  const active = accessKeys.filter((key) => key.active);
  return [
    password === null || mfaDevice ? user : { ...user, props: { ...user.props, LoginProfile: {} } },
    ...credentials("AWS::IAM::AccessKey", active.length, { UserName }),
    ...credentials("aws:iam/serviceSpecificCredential:ServiceSpecificCredential", serviceCredentials.length, {
      userName: UserName,
    }),
    ...credentials("aws:iam/sshKey:SshKey", sshPublicKeys, { username: UserName }),
  ];
}

type SetupRecord = Exclude<UserRecord, "unknown">;

function listedOf({ name, urn }: Resource, listed: Listed) {
  const { serviceCredentials, sshPublicKeys, isWhole } = listed;
  const services = serviceCredentials?.get(name) ?? (isWhole && serviceCredentials ? [] : undefined);
  const keys = sshPublicKeys?.get(name) ?? (isWhole && sshPublicKeys ? 0 : undefined);
  return {
    ...kindsOf(urn, listed.devices),
    ...(services && { serviceCredentials: services }),
    ...(keys !== undefined && { sshPublicKeys: keys }),
  };
}

function isPasskeyOnly(record: UserRecord): boolean {
  return record !== "unknown" && record.mfaDevice && record.deviceKinds?.join() === "passkey";
}

const PASSKEY =
  "Its MFA device is a passkey or security key: it works in the console alone, and gives no code for a session in a terminal. Add a virtual MFA device for that.";

function remarkOn(arn: string): readonly string[] {
  if (/:role\/aws-service-role\//.test(arn)) {
    return ["A service-linked role: AWS made it for a service, and nobody can change its trust policy."];
  }
  if (/:role\/aws-reserved\//.test(arn)) {
    return ["AWS manages this role for IAM Identity Center, and nobody can change its trust policy here."];
  }
  return [];
}

const LIST = new Intl.ListFormat("en", { type: "conjunction" });
const NO_ROOT = "The credential report has no row for the root user, so its state is unknown.";

function notesOn(report: CredentialReport | undefined, users: number, listed: Listed): readonly string[] {
  const sessions = "AWS does not report the maximum session duration of roles for a whole account.";
  if (report === undefined)
    return users === 0 ? [sessions] : ["What is set up for users is not known.", sessions];
  const counted = `Not counted for users: ${LIST.format([...unlisted(listed), "signing certificates"])}.`;
  const partly =
    "Service-specific credentials and SSH public keys count only as far as the saved lists have them.";
  const { madeAt = "an unknown time" } = report;
  return [
    `Passwords, access keys and MFA devices are as of ${madeAt}: AWS makes a new credential report every four hours.`,
    ...(users === 0 ? [] : [counted]),
    ...(listed.isWhole || unlisted(listed).length === 2 ? [] : [partly]),
    sessions,
  ];
}

/** What one run could not read and another may; signing certificates are never read, so they count nowhere. */
function notLookedAtOf(
  report: CredentialReport | undefined,
  root: Subject | undefined,
  users: number,
  listed: Listed,
): NotLookedAt {
  if (report === undefined) return { credentialReports: 1 };
  const lists = unlisted(listed).length;
  return { ...(root === undefined && { rootUsers: 1 }), ...(users > 0 && lists > 0 && { lists }) };
}

function troubleOf(what: string, error: unknown, abort: AbortSignal): NonNullable<AuditInput["trouble"]> {
  if (abort.aborted) {
    return {
      problem: "Interrupted before all of it was read.",
      remedy: "Run this again to read everything.",
    };
  }
  const { problem, remedy, detail } = failureOf(what, error);
  return { problem: [problem, detail].filter(Boolean).join(" "), remedy };
}
