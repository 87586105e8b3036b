import { createHash } from "node:crypto";
import type { Finding } from "../report";

const WITHOUT_A_CODE = "with long-term access keys and no code: aws:MultiFactorAuthPresent is absent";

type Rest = Pick<Finding, "policy" | "severity" | "level" | "witnesses"> & {
  readonly lines: readonly string[];
  readonly state?: Finding["state"];
};

function finding(about: string, { lines, state = "new", ...rest }: Rest): Finding {
  const fingerprint = createHash("sha256").update(`${rest.policy} ${about}`).digest("hex").slice(0, 16);
  return { ...rest, message: lines.join("\n"), fingerprint, state };
}

export function openRole(role: string, principals: readonly string[], state?: Finding["state"]): Finding {
  return finding(role, {
    policy: "iam-role-requires-mfa",
    severity: "critical",
    level: "mandatory",
    lines: [
      "This role can be assumed without MFA.",
      ...principals.map(
        (principal) =>
          `  Way in: AssumeRolePolicyDocument, Statement[0] allows sts:AssumeRole to ${principal} ${WITHOUT_A_CODE}.`,
      ),
      'Fix: in Statement[0] set "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}} ("Bool", not "BoolIfExists").',
    ],
    witnesses: principals.map((principal) => ({
      statement: 0,
      principal,
      action: "sts:AssumeRole",
      world: WITHOUT_A_CODE,
      request: {},
      exact: true,
    })),
    ...(state === undefined ? {} : { state }),
  });
}

export function openGroup(group: string): Finding {
  return finding(group, {
    policy: "iam-group-requires-mfa",
    severity: "high",
    level: "mandatory",
    lines: [
      "This group does not require MFA of its members.",
      `  Way in: no Deny stops ec2:TerminateInstances ${WITHOUT_A_CODE}.`,
      'Fix: attach a Deny with NotAction (a short list of self-service calls), Resource "*" and ' +
        '"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}} ("BoolIfExists", not "Bool").',
    ],
    witnesses: [
      {
        action: "ec2:TerminateInstances",
        resource: "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc",
        world: WITHOUT_A_CODE,
        request: { "aws:RequestedRegion": ["eu-central-1"], "aws:MultiFactorAuthPresent": null },
        exact: true,
      },
    ],
  });
}

export function openUser(user: string, has: string): Finding {
  return finding(user, {
    policy: "iam-user-requires-mfa",
    severity: "high",
    level: "advisory",
    lines: [
      `This user has ${has} without MFA: the user is in no guarded group and has no guard.`,
      "Fix: put the user into the group that carries the guard, or attach the guard to the user.",
    ],
    witnesses: [],
  });
}

export function condition(role: string): Finding {
  return finding(role, {
    policy: "iam-mfa-condition-is-effective",
    severity: "medium",
    level: "advisory",
    lines: [
      "An MFA condition here is not effective.",
      "  Statement[0] asks with BoolIfExists, which holds when aws:MultiFactorAuthPresent is absent.",
      'Fix: use "Bool".',
    ],
    witnesses: [],
  });
}
