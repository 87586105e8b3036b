import { memoize } from "aws-mfa-policy-pack/iam";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { type AuditInput, repeated } from "../input";
import { parseAs } from "../schema";
import { savedRoleUse } from "../usage/role-use";
import { accountInput } from "./account";
import { type Authorization, authorizationIn, isAwsManaged, joined } from "./authorization";
import { type CredentialReport, parseCredentialReport } from "./credential-report";
import { type AccountLists, listedByUser, mergedLists, savedLists } from "./lists";

/** The API returns documents URL-encoded; the AWS CLI prints them decoded. */
const document = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((given) => (typeof given === "string" ? given : encodeURIComponent(JSON.stringify(given))));
const inline = z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).optional();
const attached = z.array(z.object({ PolicyArn: z.string() })).optional();
const boundary = z.object({ PermissionsBoundaryArn: z.string().optional() }).optional();

const list = <T extends z.ZodRawShape>(shape: T) => z.array(z.object(shape)).default([]);

const details = z.object({
  UserDetailList: list({
    UserName: z.string(),
    Arn: z.string(),
    UserPolicyList: inline,
    AttachedManagedPolicies: attached,
    GroupList: z.array(z.string()).optional(),
    PermissionsBoundary: boundary,
  }),
  GroupDetailList: list({
    GroupName: z.string(),
    Arn: z.string(),
    GroupPolicyList: inline,
    AttachedManagedPolicies: attached,
  }),
  RoleDetailList: list({
    RoleName: z.string(),
    Arn: z.string(),
    AssumeRolePolicyDocument: document,
    RolePolicyList: inline,
    AttachedManagedPolicies: attached,
    PermissionsBoundary: boundary,
    ...savedRoleUse.shape,
  }),
  Policies: list({
    PolicyName: z.string().optional(),
    Arn: z.string(),
    PolicyVersionList: z.array(z.object({ Document: document, IsDefaultVersion: z.boolean() })).optional(),
  }),
});

const report = z.object({
  Content: z.string(),
  ReportFormat: z.literal("text/csv"),
  GeneratedTime: z.string().optional(),
});

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList"] as const;
const AGAIN = "Run the AWS CLI command again, and save its output.";

/** What one file has of an account: a page of its users, groups and roles, its credential report, or lists. */
export interface SavedPage {
  readonly kind: "page";
  /** `undefined` for a page that does not name it. */
  readonly account: string | undefined;
  readonly found?: Authorization;
  /** Whether `found` is the last page of the account's users, groups and roles. */
  readonly isLast?: boolean;
  readonly report?: CredentialReport;
  readonly lists?: AccountLists;
}

/**
 * Reads what the AWS CLI printed for an account: `aws iam get-account-authorization-details`, all of it or one page,
 * `get-credential-report`, or a list of credentials. `undefined` for anything else.
 *
 * @throws Failure (`unseen`) if it cannot be read
 */
export function readSavedAccount(value: Readonly<Record<string, unknown>>): SavedPage | undefined {
  const saved = report.safeParse(value);
  if (saved.success) {
    const { Content, GeneratedTime } = saved.data;
    return reportPage(Buffer.from(Content, "base64").toString("utf8"), GeneratedTime);
  }
  if (!LISTS.some((key) => Array.isArray(value[key]))) {
    const lists = savedLists(value);
    return lists && { kind: "page", account: undefined, lists };
  }
  const problem = "It is not the output of aws iam get-account-authorization-details";
  const parsed = parseAs(details, value, problem, AGAIN);
  const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = parsed;
  const own = [UserDetailList, GroupDetailList, RoleDetailList, Policies]
    .flatMap((each) => each.map(({ Arn }) => Arn))
    .filter((arn) => !isAwsManaged(arn));
  const accounts = new Set(own.map((arn) => arn.split(":")[4] ?? ""));
  if (accounts.size > 1) {
    throw new Failure("unseen", `It has resources of more than one account: ${few([...accounts])}.`, AGAIN);
  }
  const [account] = accounts;
  return { kind: "page", account, found: authorizationIn(parsed), isLast: !isTruncated(value) };
}

/** Whether the AWS CLI stopped before the end, as with `--no-paginate` or `--max-items`. */
export function isTruncated({ IsTruncated, Marker, NextToken }: Readonly<Record<string, unknown>>): boolean {
  return IsTruncated === true || Marker !== undefined || NextToken !== undefined;
}

/** A credential report as CSV. Throws Failure (`unseen`) if it cannot be read. */
export function reportPage(csv: string, madeAt?: string): SavedPage {
  const users = parseCredentialReport(csv);
  const [arn] = users.keys();
  return { kind: "page", account: arn?.split(":")[4], report: { madeAt, users } };
}

/** The accounts of the pages. A page that does not name its account belongs to the others' account, if they have only one. */
export function accountsOf(pages: readonly SavedPage[]): readonly AuditInput[] {
  const byAccount = new Map<string, SavedPage[]>();
  for (const page of pages)
    if (page.account !== undefined) memoize(byAccount, page.account, () => []).push(page);
  const [only, another] = byAccount.keys();
  const name = only !== undefined && another === undefined ? only : "that the files do not name";
  for (const page of pages) if (page.account === undefined) memoize(byAccount, name, () => []).push(page);
  return [...byAccount].map(([account, all]) => accountOf(account, all));
}

function accountOf(name: string, pages: readonly SavedPage[]): AuditInput {
  const all = joined(pages.flatMap((page) => page.found ?? []));
  const found: Authorization = {
    users: distinct(all.users),
    groups: distinct(all.groups),
    roles: distinct(all.roles),
    policies: distinct(all.policies),
    awsPolicies: all.awsPolicies,
  };
  const reports = distinct(
    pages.flatMap((page) => page.report ?? []),
    ({ users }) => [...users],
  );
  const lastPages = distinct(pages.filter(({ isLast }) => isLast));
  const { users, groups, roles, policies } = found;
  const twice = repeated([users, groups, roles, policies].flat().map(({ urn }) => urn));
  // An older file may have what is closed by now, and a newer one what is open, and nothing says which is which.
  if (twice.length > 0 || reports.length > 1 || lastPages.length > 1) {
    return { kind: "account", name, resources: [], trouble: SEVERAL };
  }
  const isWhole = lastPages.length === 1;
  const lists = mergedLists(distinct(pages.flatMap((page) => page.lists ?? [])));
  const input = accountInput(name, found, reports[0], isWhole, listedByUser(lists, false));
  return isWhole ? input : { ...input, trouble: NOT_WHOLE };
}

/** Each content once: a file may be given twice. */
function distinct<T>(items: readonly T[], contentOf: (item: T) => unknown = (item) => item): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(contentOf(item)), item])).values()];
}

const SEVERAL = {
  problem: "The files were saved at different times: they contradict each other.",
  remedy: "Give only those saved together.",
};
const NOT_WHOLE = {
  problem: "Some users, groups and roles are missing: the output is incomplete.",
  remedy:
    "Save them without --no-paginate and --max-items, or give all pages: aws iam get-account-authorization-details > account.json",
};
