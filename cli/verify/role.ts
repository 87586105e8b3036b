import { GetRoleCommand } from "@aws-sdk/client-iam";
import { decideTrust, describeContext, parsePolicy } from "aws-mfa-policy-pack/iam";
import type { Aws } from "../aws/connect";
import { explain } from "../aws/explain";
import { type Check, failed, ok, unknown } from "./check";

/**
 * Looks at the role: it is there, cannot be assumed without MFA by what this project's own core decides of its trust
 * policy, and its sessions may be as long as the profile asks.
 *
 * @param account whose credentials they are
 * @returns `undefined` where whoever asks may not look at it
 */
export async function checkRole(
  { iam }: Aws,
  account: string,
  roleArn: string,
  durationSeconds: number | undefined,
): Promise<Check | undefined> {
  // A role of that name in this account would be another one.
  if (roleArn.split(":")[4] !== account) return undefined;
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    if (Role?.Arn === undefined) return undefined;
    if (Role.Arn !== roleArn) {
      return failed(
        "role",
        `There is no role ${roleArn}: that of this name is ${Role.Arn}.`,
        `Set role_arn to ${Role.Arn}.`,
      );
    }
    const most = Role.MaxSessionDuration;
    if (most !== undefined && durationSeconds !== undefined && durationSeconds > most) {
      return failed(
        "role",
        `The profile asks for ${durationSeconds} seconds, and sessions of ${name} last ${most} at most.`,
        `Set duration_seconds to ${most} or less, or sessionSeconds of the role to ${durationSeconds} in the stack.`,
        "refused",
      );
    }
    return judged(name, decodeURIComponent(Role.AssumeRolePolicyDocument ?? ""), most);
  } catch (error) {
    const { exit, code } = explain(error);
    if (exit === "refused") return undefined;
    if (code.startsWith("NoSuchEntity")) {
      return failed(
        "role",
        `There is no role ${name} in this account.`,
        "Check role_arn in the profile, or run pulumi up.",
      );
    }
    throw error;
  }
}

function judged(name: string, document: string, most: number | undefined): Check {
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return unknown("role", `The trust policy of ${name} cannot be understood here.`);
  const verdict = decideTrust(parsed.policy);
  const lasts = most === undefined ? "" : `; its sessions last up to ${most} seconds`;
  switch (verdict.kind) {
    case "protected":
      return ok("role", `${name} can be assumed with MFA only${lasts}.`);
    case "exempt":
      return ok("role", `${name} can be assumed without MFA by services or federated users only${lasts}.`);
    case "anyone-with-mfa":
      return failed(
        "role",
        `${name} can be assumed by anyone with the MFA of any account in the world.`,
        "Name the principals in its trust policy.",
      );
    case "unknown":
      return unknown("role", `Whether ${name} can be assumed without MFA is not decided: ${verdict.reason}.`);
    case "bypassable": {
      const [{ principal, statement, context, caller }] = verdict.witnesses;
      return failed(
        "role",
        `${name} can be assumed without MFA: Statement[${statement}] of its trust policy lets ${principal} in ` +
          `${describeContext(context, caller)}.`,
        'Add "Bool": {"aws:MultiFactorAuthPresent": "true"} to the Condition of that statement.',
      );
    }
  }
}
