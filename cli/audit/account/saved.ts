import { z } from "zod";
import type { AuditInput } from "../input";
import { sourceOf } from "./account";
import { authorizationIn } from "./authorization";

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

const LISTS = ["UserDetailList", "GroupDetailList", "RoleDetailList"] as const;

/**
 * Reads what `aws iam get-account-authorization-details` printed: all of it, or one page. `undefined` for anything else; a text for
 * what is wrong with it.
 */
export function readSavedAccount(value: Readonly<Record<string, unknown>>): AuditInput | string | undefined {
  if (!LISTS.some((list) => Array.isArray(value[list]))) return undefined;
  const parsed = details.safeParse(value);
  if (!parsed.success) {
    const places = new Set(parsed.error.issues.map(({ path }) => path.join(".")));
    return `It is not what aws iam get-account-authorization-details prints: see ${[...places].slice(0, 5).join(", ")}`;
  }
  const { Policies, IsTruncated, ...lists } = parsed.data;
  const arns = [lists.UserDetailList, lists.GroupDetailList, lists.RoleDetailList]
    .flat()
    .map(({ Arn }) => Arn);
  const accounts = new Set(arns.map((arn) => arn.split(":")[4] ?? ""));
  const [account = "an account without users, groups and roles"] = accounts;
  if (accounts.size > 1)
    return `It has users, groups and roles of more than one account: ${[...accounts].join(", ")}`;
  // As in an account: AWS's own policies are no guards, and nobody can change them.
  const own = Policies.filter(({ Arn }) => !/^arn:[^:]+:iam::aws:/.test(Arn));
  const source = sourceOf(account, authorizationIn({ ...lists, Policies: own }), undefined);
  return IsTruncated ? { ...source, trouble: TRUNCATED } : source;
}

const TRUNCATED = {
  problem: "The last page is not there.",
  remedy: "Let the AWS CLI get all pages, without --no-paginate, or give the file of each page.",
};

/** Pages of one account. The last one says that it is, so that the trouble of the others is over with it. */
export function together(one: AuditInput, other: AuditInput): AuditInput {
  const { trouble: _, ...first } = one;
  const resources = new Map([...one.resources, ...other.resources].map((each) => [each.urn, each]));
  return {
    ...first,
    resources: [...resources.values()],
    users: new Map([...(one.users ?? []), ...(other.users ?? [])]),
    remarks: new Map([...(one.remarks ?? []), ...(other.remarks ?? [])]),
    notes: [...new Set([...(one.notes ?? []), ...(other.notes ?? [])])],
    ...(one.trouble !== undefined && other.trouble !== undefined && { trouble: one.trouble }),
  };
}
