import { type IAMClient, ListAccountAliasesCommand } from "@aws-sdk/client-iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Aws } from "../../aws/connect";
import type { AuditInput, Credentials, ResourceFacts } from "../input";
import { unlisted } from "../render/words";
import type { NotLookedAt, Subject } from "../report";
import { troubleOf } from "../trouble";
import { lastUsesOf, membersOf } from "../usage/last-use";
import { type Authorization, joined, readAuthorization } from "./authorization";
import { type CredentialReport, readCredentialReport } from "./credential-report";
import { deviceKindsOf, type Listed, listedByUser, readDevices, readLists } from "./lists";
import { rootUser } from "./root-user";

/** Called after each page. */
export type Progress = (account: string, found: Pick<Authorization, "users" | "groups" | "roles">) => void;

/**
 * Reads an account. What cannot be read becomes the input's trouble, and the input has what can be evaluated without the rest.
 */
export async function readAccount(
  { iam }: Pick<Aws, "iam">,
  account: string,
  abort: AbortSignal,
  progress: Progress,
): Promise<AuditInput> {
  // AWS takes a while to generate the report, which is useless without the users.
  const failed = new AbortController();
  const signal = AbortSignal.any([abort, failed.signal]);
  const alias = aliasOf(iam, signal);
  const credentials = readCredentialReport(iam, signal).then(
    (report) => ({ report }),
    (error: unknown) => ({ error }),
  );
  let found = joined([]);
  try {
    for await (const page of readAuthorization(iam, abort)) {
      found = joined([found, page]);
      progress(account, found);
    }
  } catch (error) {
    failed.abort();
    return {
      kind: "account",
      name: account,
      trouble: troubleOf("read the account", error, abort),
      // A role has its trust policy on its own page. The policies of a group or a user may be on a page that is missing.
      resources: found.roles,
      notes: [
        "Only roles were read, perhaps not all of them: the policies of groups and users are not known.",
      ],
    };
  }
  const names = found.users.map(({ name }) => name);
  const [read, lists] = await Promise.all([credentials, readLists(iam, names, abort)]);
  if ("error" in read) {
    // The input counts the report as not looked at already.
    const trouble = {
      ...troubleOf("read the credential report", read.error, abort),
      notLookedAt: {},
    };
    return { ...accountInput(account, found, undefined), ...(await alias), trouble };
  }
  const devices = await readDevices(iam, read.report, abort);
  const listed = listedByUser({ ...lists, ...devices }, true);
  return { ...accountInput(account, found, read.report, true, listed), ...(await alias) };
}

/** For people only. Nothing is missing without it, as with a role whose permissions are from an older `--iam-policy`. */
async function aliasOf(iam: IAMClient, abortSignal: AbortSignal): Promise<Pick<AuditInput, "alias">> {
  try {
    const { AccountAliases = [] } = await iam.send(new ListAccountAliasesCommand({}), { abortSignal });
    return { alias: AccountAliases[0] };
  } catch {
    return {};
  }
}

/**
 * An account as resources to evaluate, with what is known of each.
 *
 * @param report its credential report, if it was read
 * @param isWhole whether `found` has all users; otherwise the members of groups, and so their last uses, are not known
 */
export function accountInput(
  account: string,
  found: Authorization,
  report: CredentialReport | undefined,
  isWhole = true,
  listed: Listed = { isWhole: false },
): AuditInput {
  const { users, groups, roles, policies, awsPolicies } = found;
  const credentials = new Map<string, Credentials | "unknown">(
    users.map(({ urn, name }) => {
      const record = report?.users.get(urn);
      return [urn, record ? { ...record, ...listedOf(urn, name, record, listed) } : "unknown"];
    }),
  );
  const lastUses = lastUsesOf(isWhole ? found : { ...found, groups: [] }, credentials);
  const members = isWhole ? membersOf(found) : undefined;
  const facts = [...users, ...groups, ...roles].map(({ urn }): [string, ResourceFacts] => [
    urn,
    {
      credentials: credentials.get(urn),
      lastUse: lastUses.get(urn),
      members: members?.get(urn),
      remark: remarkOn(urn, credentials.get(urn)),
    },
  ]);
  const root = report && rootUser(account, report, listed);
  return {
    kind: "account",
    name: account,
    resources: [
      ...users.flatMap((user) => withCredentials(user, credentials.get(user.urn))),
      ...groups,
      ...roles,
      ...policies,
    ],
    awsPolicies: new Map(awsPolicies.map(({ urn, props }) => [urn, props.PolicyDocument])),
    facts: new Map(facts),
    isLive: listed.isWhole,
    notes: [...notesOn(report, users.length, listed), ...(report && !root ? [NO_ROOT] : [])],
    notLookedAt: notLookedAtOf(report, root, users.length, listed),
    subjects: root && [root],
  };
}

/**
 * A user, with a resource for each active credential. With an MFA device, AWS asks for its code at every sign-in with the password, so
 * that the password then counts as none.
 * Source: IAM user guide, "Using MFA devices with your IAM sign-in page".
 */
function withCredentials(user: Resource, credentials: Credentials | "unknown" = "unknown"): Resource[] {
  if (credentials === "unknown") return [user];
  const { password, mfaDevice, accessKeys, serviceCredentials = [], sshPublicKeys = 0 } = credentials;
  const { UserName } = user.props;
  const resources = (type: string, count: number, props: Resource["props"]): Resource[] =>
    Array.from({ length: count }, (_, index) => ({
      ...user,
      urn: `${user.urn}#${type}-${index + 1}`,
      type,
      props,
    }));
  const active = accessKeys.filter((key) => key.active);
  return [
    password === null || mfaDevice ? user : { ...user, props: { ...user.props, LoginProfile: {} } },
    ...resources("AWS::IAM::AccessKey", active.length, { UserName }),
    ...resources("aws:iam/serviceSpecificCredential:ServiceSpecificCredential", serviceCredentials.length, {
      userName: UserName,
    }),
    ...resources("aws:iam/sshKey:SshKey", sshPublicKeys, { username: UserName }),
  ];
}

function listedOf(urn: string, name: string, record: Credentials, listed: Listed): Partial<Credentials> {
  const { serviceCredentials, sshPublicKeys, isWhole } = listed;
  const services = serviceCredentials?.get(name) ?? (isWhole && serviceCredentials ? [] : undefined);
  const keys = sshPublicKeys?.get(name) ?? (isWhole && sshPublicKeys ? 0 : undefined);
  return {
    ...deviceKindsOf(urn, record, listed),
    ...(services && { serviceCredentials: services }),
    ...(keys !== undefined && { sshPublicKeys: keys }),
  };
}

function remarkOn(arn: string, credentials: Credentials | "unknown" = "unknown"): string | undefined {
  if (/:role\/aws-service-role\//.test(arn))
    return "A service-linked role: AWS created it for a service, and nobody can change its trust policy.";
  if (/:role\/aws-reserved\//.test(arn))
    return "IAM Identity Center manages this role, and its trust policy cannot be changed here.";
  const isPasskeyOnly =
    credentials !== "unknown" && credentials.mfaDevice && credentials.deviceKinds?.join() === "passkey";
  return isPasskeyOnly
    ? "Its MFA device is a passkey or security key: it works in the console only, and gives no codes for a session in a terminal. Add a virtual MFA device for that."
    : undefined;
}

const LIST = new Intl.ListFormat("en", { type: "conjunction" });
const NO_ROOT = "The credential report has no row for the root user, so its state is unknown.";
const SESSIONS = "AWS does not report the maximum session duration of roles for a whole account.";

function notesOn(report: CredentialReport | undefined, users: number, listed: Listed): readonly string[] {
  if (report === undefined)
    return users === 0 ? [SESSIONS] : ["The credentials of users are not known.", SESSIONS];
  const counted = `Not counted for users: ${LIST.format([...unlisted(listed), "signing certificates"])}.`;
  const partly =
    "Service-specific credentials and SSH public keys count only as far as the saved lists have them.";
  const { madeAt = "an unknown time" } = report;
  return [
    `Passwords, access keys and MFA devices are as of ${madeAt}: AWS generates a new credential report every four hours.`,
    ...(users === 0 ? [] : [counted]),
    ...(listed.isWhole || unlisted(listed).length === 2 ? [] : [partly]),
    SESSIONS,
  ];
}

/** What another run may be able to read. Signing certificates are never read, so they do not count. */
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
