import type { GetAccountAuthorizationDetailsResponse } from "@aws-sdk/client-iam";
import type { CredentialReport } from "../audit/account/credential-report";

export const ACCOUNT = "111122223333";

const PAGE = 1000;

/**
 * A realistic large account, in AWS's pages: for each group five roles and five users, each with its own documents. One role in ten and
 * one group in twenty are open, half of the users have an access key, and each is in three groups.
 */
export function* pagesOf(groups: number): Generator<GetAccountAuthorizationDetailsResponse> {
  const arn = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
  const of = <T>(count: number, make: (index: number) => T) => chunks(count, make);
  for (const UserDetailList of of(groups * 5, (index) => ({
    UserName: `user-${index}`,
    Arn: arn("user", `user-${index}`),
    GroupList: [0, 1, 2].map((step) => `group-${(index * 7 + step * 11) % groups}`),
    UserPolicyList: [named("own", allow(`user-${index}`))],
    AttachedManagedPolicies: [{ PolicyArn: arn("policy", `policy-${index % groups}`) }],
  })))
    yield page({ UserDetailList });
  for (const GroupDetailList of of(groups, (index) => ({
    GroupName: `group-${index}`,
    Arn: arn("group", `group-${index}`),
    GroupPolicyList: [named("work", allow(`group-${index}`))],
    AttachedManagedPolicies: [
      { PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      ...(index % 20 === 0 ? [] : [{ PolicyArn: arn("policy", `guard-${index}`) }]),
    ],
  })))
    yield page({ GroupDetailList });
  for (const RoleDetailList of of(groups * 5, (index) => ({
    RoleName: `role-${index}`,
    Arn: arn("role", `role-${index}`),
    AssumeRolePolicyDocument: trust(index),
    RolePolicyList: [named("first", allow(`first-${index}`)), named("second", allow(`second-${index}`))],
    AttachedManagedPolicies: [{ PolicyArn: arn("policy", `policy-${index % groups}`) }],
  })))
    yield page({ RoleDetailList });
  for (const Policies of of(groups * 2, (index) => {
    const name = index < groups ? `policy-${index}` : `guard-${index - groups}`;
    return {
      PolicyName: name,
      Arn: arn("policy", name),
      PolicyVersionList: [{ IsDefaultVersion: true, Document: index < groups ? allow(name) : guard(index) }],
    };
  }))
    yield page({ Policies });
}

export function credentialsOf(groups: number): CredentialReport {
  const at = "2030-01-31T12:00:00.000Z";
  return {
    madeAt: at,
    users: new Map(
      Array.from({ length: groups * 5 }, (_, index) => [
        `arn:aws:iam::${ACCOUNT}:user/user-${index}`,
        {
          name: `user-${index}`,
          mfaDevice: index % 3 === 0,
          password: index % 4 === 0 ? { lastUsed: at } : null,
          accessKeys: index % 2 === 0 ? [{ active: true, createdAt: at, lastUsed: null }] : [],
        },
      ]),
    ),
  };
}

function page(part: GetAccountAuthorizationDetailsResponse): GetAccountAuthorizationDetailsResponse {
  return part;
}

function* chunks<T>(count: number, make: (index: number) => T): Generator<T[]> {
  for (let from = 0; from < count; from += PAGE) {
    yield Array.from({ length: Math.min(PAGE, count - from) }, (_, step) => make(from + step));
  }
}

const encoded = (...Statement: readonly object[]) =>
  encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));

function named(PolicyName: string, PolicyDocument: string) {
  return { PolicyName, PolicyDocument };
}

function allow(name: string): string {
  const bucket = `arn:aws:s3:::${name}`;
  return encoded(
    { Sid: "List", Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: bucket },
    { Sid: "Use", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: `${bucket}/*` },
  );
}

function guard(index: number): string {
  return encoded({
    Sid: `Guard${index}`,
    Effect: "Deny",
    NotAction: ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "sts:GetSessionToken"],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  });
}

function trust(index: number): string {
  const service = { Service: index % 2 === 0 ? "lambda.amazonaws.com" : "ec2.amazonaws.com" };
  if (index % 2 === 0) return encoded({ Effect: "Allow", Principal: service, Action: "sts:AssumeRole" });
  const condition = index % 10 === 1 ? {} : { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  return encoded({
    Sid: `People${index}`,
    Effect: "Allow",
    Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::444455556666:user/user-${index}`] },
    Action: "sts:AssumeRole",
    Condition: condition,
  });
}
