import { policyDocument, type Statement } from "../policy-document";
import { openWithoutMfa, type SelfServiceDevices } from "./deny-policy";

/** A role and who of the group may assume it: every member, or the users named. */
export interface AssumableRole {
  readonly arn: string;
  readonly users: "every member" | readonly string[];
}

export interface MemberRights {
  readonly partition: string;
  readonly selfServiceDevices: SelfServiceDevices;
  readonly roles: readonly AssumableRole[];
}

/**
 * What members of the group may do by themselves: look at and enrol their own device, and assume the
 * stack's roles. A `NotAction` in a Deny allows nothing, so this is said on its own.
 */
export function memberPolicy({ partition, selfServiceDevices, roles }: MemberRights): string {
  const open = openWithoutMfa(selfServiceDevices);
  return policyDocument([
    {
      Sid: "OwnUser",
      Effect: "Allow",
      Action: ["iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice"].filter(
        (action) => open.includes(action),
      ),
      // A user with a path has it in the ARN. A name holds no slash, so nothing but the user's own name
      // can follow the last one; `user/*${aws:username}` would reach every name that ends in theirs.
      Resource: [
        `arn:${partition}:iam::*:user/\${aws:username}`,
        `arn:${partition}:iam::*:user/*/\${aws:username}`,
      ],
    },
    ...(open.includes("iam:CreateVirtualMFADevice")
      ? [
          {
            Sid: "OwnDevice",
            Effect: "Allow" as const,
            Action: "iam:CreateVirtualMFADevice",
            Resource: `arn:${partition}:iam::*:mfa/\${aws:username}`,
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
