import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  type GroupDetail,
  type IAMClient,
  type PolicyDetail,
  type UserDetail,
} from "@aws-sdk/client-iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { LastUse } from "../report";
import { lastUseOfRole } from "../usage/role-use";

/** The IAM resources of an account, as CloudFormation types: these have a property for everything that AWS returns. */
export interface Authorization {
  readonly users: readonly Resource[];
  readonly groups: readonly Resource[];
  readonly roles: readonly RoleResource[];
  readonly policies: readonly Resource[];
  /** AWS managed policies. They are not evaluated, since nobody can change them, but what they allow counts. */
  readonly awsPolicies: readonly Resource[];
}

interface RoleResource extends Resource {
  readonly lastUse?: LastUse | undefined;
}

/**
 * Reads users, groups, roles and policies, and yields each page.
 * Source: IAM API reference, GetAccountAuthorizationDetails.
 */
export async function* readAuthorization(
  iam: IAMClient,
  abortSignal: AbortSignal,
): AsyncGenerator<Authorization> {
  let Marker: string | undefined;
  do {
    const page = await iam.send(
      new GetAccountAuthorizationDetailsCommand({
        Filter: ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"],
        MaxItems: 1000,
        Marker,
      }),
      { abortSignal },
    );
    yield authorizationIn(page);
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
}

type Details = "UserDetailList" | "GroupDetailList" | "RoleDetailList" | "Policies";

/** The resources of one page. */
export function authorizationIn({
  UserDetailList = [],
  GroupDetailList = [],
  RoleDetailList = [],
  Policies = [],
}: Pick<GetAccountAuthorizationDetailsResponse, Details>): Authorization {
  const policies = Policies.map(({ PolicyName, Arn, PolicyVersionList = [] }) => {
    const { Document } = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true) ?? {};
    return resource("AWS::IAM::ManagedPolicy", Arn, PolicyName, {
      ManagedPolicyName: PolicyName,
      PolicyDocument: decoded(Document),
    });
  });
  return {
    users: UserDetailList.map(({ UserName, UserPolicyList, GroupList: Groups = [], ...user }) =>
      resource("AWS::IAM::User", user.Arn, UserName, {
        UserName,
        Groups,
        ...permissionsOf(UserPolicyList, user),
      }),
    ),
    groups: GroupDetailList.map(({ GroupName, GroupPolicyList, ...group }) =>
      resource("AWS::IAM::Group", group.Arn, GroupName, {
        GroupName,
        ...permissionsOf(GroupPolicyList, group),
      }),
    ),
    roles: RoleDetailList.map(({ RoleName, RolePolicyList, ...role }) => ({
      ...resource("AWS::IAM::Role", role.Arn, RoleName, {
        RoleName,
        AssumeRolePolicyDocument: decoded(role.AssumeRolePolicyDocument),
        ...permissionsOf(RolePolicyList, role),
      }),
      lastUse: lastUseOfRole(role),
    })),
    policies: policies.filter(({ urn }) => !isAwsManaged(urn)),
    awsPolicies: policies.filter(({ urn }) => isAwsManaged(urn)),
  };
}

/** The resources of several pages. */
export function joined(pages: readonly Authorization[]): Authorization {
  return {
    users: pages.flatMap(({ users }) => users),
    groups: pages.flatMap(({ groups }) => groups),
    roles: pages.flatMap(({ roles }) => roles),
    policies: pages.flatMap(({ policies }) => policies),
    awsPolicies: pages.flatMap(({ awsPolicies }) => awsPolicies),
  };
}

/** Whether the ARN is that of an AWS managed policy. */
export function isAwsManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:/.test(arn);
}

function resource(type: string, arn = "", name = arn, props: Resource["props"] = {}): Resource {
  return { urn: arn, type, name, props: { ...props, Arn: arn }, dependencies: {}, secretOutputs: [] };
}

function permissionsOf(
  inline: readonly PolicyDetail[] = [],
  {
    AttachedManagedPolicies = [],
    PermissionsBoundary,
  }: Pick<UserDetail & GroupDetail, "AttachedManagedPolicies" | "PermissionsBoundary">,
) {
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    Policies: inline.map(({ PolicyName, PolicyDocument }) => ({
      PolicyName,
      PolicyDocument: decoded(PolicyDocument),
    })),
    ManagedPolicyArns: AttachedManagedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
    ...(boundary !== undefined && { PermissionsBoundary: boundary }),
  };
}

/** The API URL-encodes documents (RFC 3986). Any other text stays as it is, and the rules report what is wrong with it. */
function decoded(document: string | undefined): string | undefined {
  try {
    return document === undefined ? undefined : decodeURIComponent(document);
  } catch {
    return document;
  }
}
