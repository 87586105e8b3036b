import { policyDocument, type Statement } from "../policy-document";
import { openWithoutMfa } from "./deny-policy";
import type { SelfServiceDevices } from "./self-service";

/** A role and who of the group may assume it: every member, or the users named. */
export interface AssumableRole {
  readonly arn: string;
  readonly users: "every member" | readonly string[];
}

export interface MemberRights {
  readonly partition: string;
  readonly selfServiceDevices: SelfServiceDevices;
  /** Whether members may rotate their own access keys. */
  readonly selfServiceKeys: boolean;
  readonly roles: readonly AssumableRole[];
}

/**
 * What members of the group may do by themselves: look at and enroll their own devices, rotate their own access keys, and assume
 * the stack's roles. A `NotAction` in a Deny allows nothing, so this is said on its own.
 */
export function memberPolicy({
  partition,
  selfServiceDevices,
  selfServiceKeys,
  roles,
}: MemberRights): string {
  const open = openWithoutMfa(selfServiceDevices);
  // A user with a path has it in the ARN. A name holds no slash, so nothing but the user's own name
  // can follow the last one; `user/*${aws:username}` would reach every name that ends in theirs.
  const ownUser = ["user", "user/*"].map((path) => `arn:${partition}:iam::*:${path}/\${aws:username}`);
  return policyDocument([
    {
      Sid: "OwnUser",
      Effect: "Allow",
      Action: ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice"].filter(
        (action) => open.includes(action),
      ),
      Resource: ownUser,
    },
    ...(selfServiceKeys
      ? [
          {
            // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_credentials_console.html
            Sid: "OwnAccessKeys",
            Effect: "Allow" as const,
            Action: [
              "CreateAccessKey",
              "DeleteAccessKey",
              "GetAccessKeyLastUsed",
              "ListAccessKeys",
              "UpdateAccessKey",
            ].map((action) => `iam:${action}`),
            Resource: ownUser,
            // The guard asks for it too. A new key is worth asking twice.
            Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
          },
        ]
      : []),
    ...(open.includes("iam:CreateVirtualMFADevice")
      ? [
          {
            Sid: "OwnDevice",
            Effect: "Allow" as const,
            Action: "iam:CreateVirtualMFADevice",
            // `mfa/${aws:username}*` would reach the device of a user named alice-backup.
            Resource: ["", "/*"].map((rest) => `arn:${partition}:iam::*:mfa/\${aws:username}${rest}`),
          },
        ]
      : []),
    {
      // Neither call can be narrowed to a resource. AWS gives a session token to every user anyway;
      // it stands here so that the list of what members may do is whole.
      Sid: "FindDevicesAndStartSessions",
      Effect: "Allow",
      Action: ["iam:ListVirtualMFADevices", "sts:GetSessionToken"],
      Resource: "*",
    },
    ...assumeRoles(roles),
  ]);
}

/** One statement for each set of users, so that the policy stays short with many roles. */
function assumeRoles(roles: readonly AssumableRole[]): Statement[] {
  const byUsers = new Map<string, AssumableRole[]>();
  for (const role of roles) {
    const key = JSON.stringify(role.users);
    byUsers.set(key, [...(byUsers.get(key) ?? []), role]);
  }
  return [...byUsers.values()].flatMap((same, index) => {
    const users = same[0]?.users ?? [];
    if (users.length === 0) return [];
    return {
      Sid: `AssumeRoles${index + 1}`,
      Effect: "Allow" as const,
      Action: "sts:AssumeRole",
      Resource: same.map((role) => role.arn),
      ...(users !== "every member" && { Condition: { StringEquals: { "aws:username": [...users] } } }),
    };
  });
}
