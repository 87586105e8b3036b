import { memoize } from "aws-mfa-policy-pack/iam";
import { few } from "aws-mfa-policy-pack/messages";
import { z } from "zod";
import { Failure } from "../../failure";
import { type AuditInput, repeated } from "../input";
import { savedRoleUse } from "../usage/role-use";
import { sourceOf } from "./account";
import { type Authorization, authorizationIn, isOfAws } from "./authorization";
import { type CredentialReport, parseCredentialReport } from "./credential-report";
import { listedIn, type SavedList, savedList } from "./listed";

/** The AWS CLI decodes documents, and the API gives them URL-encoded. */
const document = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((given) => (typeof given === "string" ? given : encodeURIComponent(JSON.stringify(given))));
const inline = z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).optional();
const attached = z.array(z.object({ PolicyArn: z.string() })).optional();
const boundary = z.object({ PermissionsBoundaryArn: z.string().optional() }).optional();

const details = z.object({
  UserDetailList: z
    .array(
      z.object({
        UserName: z.string(),
        Arn: z.string(),
        UserPolicyList: inline,
        AttachedManagedPolicies: attached,
        GroupList: z.array(z.string()).optional(),
        PermissionsBoundary: boundary,
      }),
    )
    .default([]),
  GroupDetailList: z
    .array(
      z.object({
        GroupName: z.string(),
        Arn: z.string(),
        GroupPolicyList: inline,
        AttachedManagedPolicies: attached,
      }),
    )
    .default([]),
  RoleDetailList: z
    .array(
      z.object({
        RoleName: z.string(),
        Arn: z.string(),
        AssumeRolePolicyDocument: document,
        RolePolicyList: inline,
        AttachedManagedPolicies: attached,
        PermissionsBoundary: boundary,
        ...savedRoleUse.shape,
      }),
    )
    .default([]),
  Policies: z
    .array(
      z.object({
        PolicyName: z.string().optional(),
        Arn: z.string(),
        PolicyVersionList: z
          .array(z.object({ Document: document, IsDefaultVersion: z.boolean() }))
          .optional(),
      }),
    )
    .default([]),
});

const report = z.object({
  Content: z.string(),
  ReportFormat: z.literal("text/csv"),
  GeneratedTime: z.string().optional(),
});

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList"] as const;
const NOTHING: Authorization = { users: [], groups: [], roles: [], policies: [], awsPolicies: [] };

/** What one file tells of an account: a page of its users, groups and roles, or its credential report. */
export interface SavedPage {
  readonly kind: "page";
  /** `undefined` for a page that has nothing of the account's own. */
  readonly account: string | undefined;
  readonly found: Authorization;
  /** Of users, groups and roles: whether more pages follow. */
  readonly details?: "last" | "truncated";
  readonly report?: CredentialReport;
  readonly list?: SavedList;
}

/**
 * Reads what the AWS CLI printed of an account: `aws iam get-account-authorization-details`, all of it or one page,
 * `get-credential-report`, or lists of what its users have. `undefined` for anything else.
 *
 * @throws Failure (`unseen`) where it cannot be read
 */
export function readSavedAccount(value: Readonly<Record<string, unknown>>): SavedPage | undefined {
  const saved = report.safeParse(value);
  if (saved.success) {
    const { Content, GeneratedTime } = saved.data;
    return reportPage(Buffer.from(Content, "base64").toString("utf8"), GeneratedTime);
  }
  if (!LISTS.some((list) => Array.isArray(value[list]))) {
    const list = savedList(value);
    return list && { kind: "page", account: undefined, found: NOTHING, list };
  }
  const parsed = details.safeParse(value);
  if (!parsed.success) {
    const places = new Set(parsed.error.issues.map(({ path }) => path.join(".")));
    throw unreadable(
      `It is not the output of aws iam get-account-authorization-details: see ${few([...places])}.`,
    );
  }
  const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = parsed.data;
  const own = Policies.filter(({ Arn }) => !isOfAws(Arn));
  const arns = [UserDetailList, GroupDetailList, RoleDetailList, own].flat();
  const accounts = new Set(arns.map(({ Arn }) => Arn.split(":")[4] ?? ""));
  if (accounts.size > 1)
    throw unreadable(`It has resources of more than one account: ${few([...accounts])}.`);
  const [account] = accounts;
  const found = authorizationIn(parsed.data);
  return { kind: "page", account, found, details: hasMore(value) ? "truncated" : "last" };
}

/** Whether the AWS CLI was told to stop before the end: `--no-paginate`, `--max-items`. */
export function hasMore({ IsTruncated, Marker, NextToken }: Readonly<Record<string, unknown>>): boolean {
  return IsTruncated === true || Marker !== undefined || NextToken !== undefined;
}

function unreadable(problem: string): Failure {
  return new Failure("unseen", problem, "Run the AWS CLI command again, and save its output.");
}

/** A credential report as its CSV. Throws Failure (`unseen`) where it cannot be read. */
export function reportPage(csv: string, madeAt?: string): SavedPage {
  const users = parseCredentialReport(csv);
  const [arn] = users.keys();
  return { kind: "page", account: arn?.split(":")[4], found: NOTHING, report: { madeAt, users } };
}

/** The pages of each account together. One that has nothing of an account's own belongs to the only one that is there. */
export function accountsOf(pages: readonly SavedPage[]): readonly AuditInput[] {
  const byAccount = new Map<string, SavedPage[]>();
  for (const page of pages)
    if (page.account !== undefined) memoize(byAccount, page.account, () => []).push(page);
  const [only, another] = byAccount.keys();
  const name = only !== undefined && another === undefined ? only : "of which nothing is there";
  for (const page of pages) if (page.account === undefined) memoize(byAccount, name, () => []).push(page);
  return [...byAccount].map(([account, all]) => accountOf(account, all));
}

function accountOf(account: string, pages: readonly SavedPage[]): AuditInput {
  const found: Authorization = {
    users: distinct(pages.flatMap((page) => page.found.users)),
    groups: distinct(pages.flatMap((page) => page.found.groups)),
    roles: distinct(pages.flatMap((page) => page.found.roles)),
    policies: distinct(pages.flatMap((page) => page.found.policies)),
    awsPolicies: distinct(pages.flatMap((page) => page.found.awsPolicies)),
  };
  const reports = distinct(
    pages.flatMap(({ report: each }) => (each === undefined ? [] : [each])),
    contentOf,
  );
  const lastPages = distinct(pages.filter(({ details: which }) => which === "last"));
  const { users, groups, roles, policies } = found;
  const twice = repeated([users, groups, roles, policies].flat().map(({ urn }) => urn));
  // An older one may have what is closed by now, and a newer one what is open.
  if (twice.length > 0 || reports.length > 1 || lastPages.length > 1) {
    return { kind: "account", name: account, resources: [], trouble: SEVERAL };
  }
  const isWhole = lastPages.length === 1;
  const lists = distinct(pages.flatMap(({ list }) => (list === undefined ? [] : [list])));
  const source = sourceOf(account, found, reports[0], isWhole, listedIn(lists, new Date()));
  return isWhole ? source : { ...source, trouble: NOT_WHOLE };
}

/** The same file may be given twice. */
function distinct<T>(
  all: readonly T[],
  contentOf: (each: T) => string = (each) => JSON.stringify(each),
): readonly T[] {
  return [...new Map(all.map((each) => [contentOf(each), each])).values()];
}

const contentOf = ({ users }: CredentialReport) => JSON.stringify([...users]);

const SEVERAL = {
  problem: "The files were saved at different times: they contradict each other.",
  remedy: "Give only those saved together.",
};
const NOT_WHOLE = {
  problem: "Some users, groups and roles are missing: the output is incomplete.",
  remedy:
    "Save them without --no-paginate and --max-items, or give all pages: aws iam get-account-authorization-details > account.json",
};
