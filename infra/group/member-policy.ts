import { policyDocument, type Statement } from "../policy-document";
import { openWithoutMfa } from "./deny-policy";
import type { SelfServiceDevices } from "./self-service";

/** A role, and who may assume it: every member of the group, or the named users. */
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
 * The policy that lets members of the group list and enroll their own devices, rotate their own access keys, and assume the stack's
 * roles. The guard's `NotAction` does not allow these actions: it only does not deny them.
 */
export function memberPolicy({
  partition,
  selfServiceDevices,
  selfServiceKeys,
  roles,
}: MemberRights): string {
  const open = openWithoutMfa(selfServiceDevices);
  // A user's ARN has the user's path. A name has no slash, so only the user's own name can follow the last one;
  // `user/*${aws:username}` would match every name that ends in theirs.
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
            // The guard requires it too: a second protection against a new key without MFA.
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
            // `mfa/${aws:username}*` would match the device of a user named alice-backup.
            Resource: ["", "/*"].map((rest) => `arn:${partition}:iam::*:mfa/\${aws:username}${rest}`),
          },
        ]
      : []),
    {
      // Neither action supports resources. No policy can deny GetSessionToken; it is here so that the list is complete.
      Sid: "FindDevicesAndStartSessions",
      Effect: "Allow",
      Action: ["iam:ListVirtualMFADevices", "sts:GetSessionToken"],
      Resource: "*",
    },
    ...assumeRoles(roles),
  ]);
}

/** One statement for each set of users, to keep the policy short. */
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
