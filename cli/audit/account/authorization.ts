import {
  type AttachedPermissionsBoundary,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  type IAMClient,
  type PolicyDetail,
} from "@aws-sdk/client-iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { LastUse } from "../report";
import { lastUseOfRole } from "../usage/role-use";

/** What an account has of IAM, as the types of CloudFormation: those have a place for all that AWS tells. */
export interface Authorization {
  readonly users: readonly Resource[];
  readonly groups: readonly Resource[];
  readonly roles: readonly RoleResource[];
  readonly policies: readonly Resource[];
  /** Policies of AWS itself: none is judged, since nobody can change them, and what they allow counts. */
  readonly awsPolicies: readonly Resource[];
}

export interface RoleResource extends Resource {
  readonly lastUse?: LastUse;
}

/**
 * Reads users, groups, roles and policies, page by page. After each page it yields what there is so far.
 * Source: IAM API reference, GetAccountAuthorizationDetails.
 */
export async function* readAuthorization(
  iam: IAMClient,
  abortSignal: AbortSignal,
): AsyncGenerator<Authorization> {
  const all = nothing();
  let marker: string | undefined;
  do {
    const page = await iam.send(
      new GetAccountAuthorizationDetailsCommand({
        Filter: ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"],
        MaxItems: 1000,
        Marker: marker,
      }),
      { abortSignal },
    );
    add(all, page);
    yield all;
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
}

/** What one page holds. */
export function authorizationIn(page: Pick<GetAccountAuthorizationDetailsResponse, Details>): Authorization {
  const all = nothing();
  add(all, page);
  return all;
}

type Details = "UserDetailList" | "GroupDetailList" | "RoleDetailList" | "Policies";

function nothing(): Growing {
  return { users: [], groups: [], roles: [], policies: [], awsPolicies: [] };
}

type Growing = { readonly [Kind in keyof Authorization]: Authorization[Kind][number][] };

function add(all: Growing, page: Pick<GetAccountAuthorizationDetailsResponse, Details>): void {
  for (const {
    UserName,
    Arn = "",
    UserPolicyList,
    AttachedManagedPolicies,
    GroupList = [],
    PermissionsBoundary,
  } of page.UserDetailList ?? []) {
    all.users.push(
      resource("AWS::IAM::User", Arn, UserName, {
        UserName,
        Policies: inline(UserPolicyList),
        ManagedPolicyArns: attached(AttachedManagedPolicies),
        Groups: GroupList,
        ...boundary(PermissionsBoundary),
      }),
    );
  }
  for (const { GroupName, Arn = "", GroupPolicyList, AttachedManagedPolicies } of page.GroupDetailList ??
    []) {
    all.groups.push(
      resource("AWS::IAM::Group", Arn, GroupName, {
        GroupName,
        Policies: inline(GroupPolicyList),
        ManagedPolicyArns: attached(AttachedManagedPolicies),
      }),
    );
  }
  for (const role of page.RoleDetailList ?? []) {
    const { RoleName, Arn = "", AssumeRolePolicyDocument, RolePolicyList, AttachedManagedPolicies } = role;
    const lastUse = lastUseOfRole(role);
    all.roles.push({
      ...resource("AWS::IAM::Role", Arn, RoleName, {
        RoleName,
        AssumeRolePolicyDocument: decoded(AssumeRolePolicyDocument),
        Policies: inline(RolePolicyList),
        ManagedPolicyArns: attached(AttachedManagedPolicies),
        ...boundary(role.PermissionsBoundary),
      }),
      ...(lastUse === undefined ? {} : { lastUse }),
    });
  }
  for (const { PolicyName, Arn = "", PolicyVersionList = [] } of page.Policies ?? []) {
    const { Document } = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true) ?? {};
    (isOfAws(Arn) ? all.awsPolicies : all.policies).push(
      resource("AWS::IAM::ManagedPolicy", Arn, PolicyName, {
        ManagedPolicyName: PolicyName,
        PolicyDocument: decoded(Document),
      }),
    );
  }
}

function boundary({ PermissionsBoundaryArn }: AttachedPermissionsBoundary = {}) {
  return PermissionsBoundaryArn === undefined ? {} : { PermissionsBoundary: PermissionsBoundaryArn };
}

export function isOfAws(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:/.test(arn);
}

function resource(
  type: string,
  arn: string,
  name: string | undefined,
  props: Readonly<Record<string, unknown>>,
): Resource {
  return {
    urn: arn,
    type,
    name: name ?? arn,
    props: { ...props, Arn: arn },
    dependencies: {},
    secretOutputs: [],
  };
}

function inline(policies: readonly PolicyDetail[] = []) {
  return policies.map(({ PolicyName, PolicyDocument }) => ({
    PolicyName,
    PolicyDocument: decoded(PolicyDocument),
  }));
}

function attached(policies: readonly { PolicyArn?: string | undefined }[] = []): readonly string[] {
  return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

/** Documents come URL-encoded, as RFC 3986 has it. What is not stays as it is, and the rules say what is wrong with it. */
function decoded(document: string | undefined): string | undefined {
  try {
    return document === undefined ? undefined : decodeURIComponent(document);
  } catch {
    return document;
  }
}
