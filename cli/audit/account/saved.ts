import { z } from "zod";
import type { AuditInput } from "../input";
import { sourceOf } from "./account";
import { type Authorization, authorizationIn } from "./authorization";
import { type CredentialReport, parseCredentialReport } from "./credential-report";

/** The AWS CLI decodes documents, and the API gives them URL-encoded. */
const document = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((given) => (typeof given === "string" ? given : encodeURIComponent(JSON.stringify(given))));
const inline = z.array(z.object({ PolicyName: z.string(), PolicyDocument: document })).optional();
const attached = z.array(z.object({ PolicyArn: z.string() })).optional();

const details = z.object({
  UserDetailList: z
    .array(
      z.object({
        UserName: z.string(),
        Arn: z.string(),
        UserPolicyList: inline,
        AttachedManagedPolicies: attached,
        GroupList: z.array(z.string()).optional(),
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
  IsTruncated: z.boolean().default(false),
});

const report = z.object({
  Content: z.string(),
  ReportFormat: z.literal("text/csv"),
  GeneratedTime: z.string().optional(),
});

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList"] as const;
const NOTHING: Authorization = { users: [], groups: [], roles: [], policies: [] };

/** What one file tells of an account: a page of its users, groups and roles, or its credential report. */
export interface SavedPage {
  readonly kind: "page";
  readonly account: string;
  readonly found: Authorization;
  /** Of users, groups and roles: whether more pages follow. */
  readonly details?: "last" | "truncated";
  readonly report?: CredentialReport;
}

/**
 * Reads what the AWS CLI printed of an account: `aws iam get-account-authorization-details`, all of it or one page, or
 * `get-credential-report`. `undefined` for anything else; a text for what is wrong with it.
 *
 * @throws Failure (`unseen`) where a credential report lacks columns
 */
export function readSavedAccount(value: Readonly<Record<string, unknown>>): SavedPage | string | undefined {
  const saved = report.safeParse(value);
  if (saved.success) {
    const { Content, GeneratedTime } = saved.data;
    return reportPage(Buffer.from(Content, "base64").toString("utf8"), GeneratedTime);
  }
  if (!LISTS.some((list) => Array.isArray(value[list]))) return undefined;
  const parsed = details.safeParse(value);
  if (!parsed.success) {
    const places = new Set(parsed.error.issues.map(({ path }) => path.join(".")));
    return `It is not the output of aws iam get-account-authorization-details: see ${[...places].slice(0, 5).join(", ")}`;
  }
  const { Policies, IsTruncated, ...lists } = parsed.data;
  // As in an account: AWS's own policies are no guards, and nobody can change them.
  const own = Policies.filter(({ Arn }) => !/^arn:[^:]+:iam::aws:/.test(Arn));
  const arns = [lists.UserDetailList, lists.GroupDetailList, lists.RoleDetailList, own].flat();
  const accounts = new Set(arns.map(({ Arn }) => Arn.split(":")[4] ?? ""));
  if (accounts.size > 1) return `It has resources of more than one account: ${[...accounts].join(", ")}`;
  const [account = "without users, groups and roles"] = accounts;
  const found = authorizationIn({ ...lists, Policies: own });
  return { kind: "page", account, found, details: IsTruncated ? "truncated" : "last" };
}

/** A credential report as its CSV. */
export function reportPage(csv: string, madeAt?: string): SavedPage {
  const users = parseCredentialReport(csv);
  const [arn = ""] = users.keys();
  return { kind: "page", account: arn.split(":")[4] ?? "", found: NOTHING, report: { madeAt, users } };
}

/** What the pages of one account say together. */
export function accountOf(account: string, pages: readonly SavedPage[]): AuditInput {
  const all = <Kind extends keyof Authorization>(kind: Kind) => [
    ...new Map(pages.flatMap(({ found }) => found[kind].map((each) => [each.urn, each] as const))).values(),
  ];
  const found = {
    users: all("users"),
    groups: all("groups"),
    roles: all("roles"),
    policies: all("policies"),
  };
  const source = sourceOf(account, found, pages.find((page) => page.report !== undefined)?.report);
  const isWhole = pages.some((page) => page.details === "last");
  return isWhole ? source : { ...source, trouble: NOT_WHOLE };
}

const NOT_WHOLE = {
  problem: "Some users, groups and roles are missing: the output is incomplete.",
  remedy:
    "Save them without --no-paginate, or give all pages: aws iam get-account-authorization-details > account.json",
};
