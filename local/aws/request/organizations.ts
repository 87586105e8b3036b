import type { Account } from "../account";
import { type Question, resourceTypesOf } from "./question";

const NAMES = [
  "PolicyId",
  "AccountId",
  "OrganizationalUnitId",
  "RootId",
  "TargetId",
  "ParentId",
  "ChildId",
  "ResourceId",
];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html */
export async function organizationsQuestion(
  action: string,
  parameters: Readonly<Record<string, unknown>>,
  account: Account,
): Promise<Question> {
  const types = await resourceTypesOf("organizations", action);
  const id = NAMES.map((name) => parameters[name]).find((value) => typeof value === "string");
  const resource = types.length === 0 || id === undefined ? "*" : await arnOf(id, account);
  return { action: `organizations:${action}`, resource, account: account.id, context: {}, named: resource };
}

async function arnOf(id: string, { organizations, id: account }: Account): Promise<string> {
  const { Organization } = await organizations.describeOrganization().catch(() => ({
    Organization: undefined,
  }));
  const prefix = `arn:aws:organizations::${Organization?.MasterAccountId ?? account}`;
  const inside = Organization?.Id ?? "o-none";
  switch (id.split("-")[0]) {
    case "p":
      return `${prefix}:policy/${inside}/service_control_policy/${id}`;
    case "ou":
      return `${prefix}:ou/${inside}/${id}`;
    case "r":
      return `${prefix}:root/${inside}/${id}`;
    default:
      return `${prefix}:account/${inside}/${id}`;
  }
}
