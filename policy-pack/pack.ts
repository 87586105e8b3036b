import type { Policies } from "@pulumi/policy";
import { PolicyMaker } from "./policies";
import { iamGroupRequiresMfa } from "./rules/iam-group-requires-mfa";
import { iamMfaConditionIsEffective } from "./rules/iam-mfa-condition-is-effective";
import { iamMfaNotes } from "./rules/iam-mfa-notes";
import { iamMfaSeedIsSecret } from "./rules/iam-mfa-seed-is-secret";
import { iamRoleRequiresMfa } from "./rules/iam-role-requires-mfa";
import { iamRoleSessionDuration } from "./rules/iam-role-session-duration";
import { iamUserRequiresMfa } from "./rules/iam-user-requires-mfa";

/** The policies of the pack. The notes come last, since they say what the others noted. */
export function policies(): Policies {
  const make = new PolicyMaker();
  return [
    make.resourcePolicy(iamRoleRequiresMfa),
    make.stackPolicy(iamGroupRequiresMfa),
    make.stackPolicy(iamUserRequiresMfa),
    make.resourcePolicy(iamMfaConditionIsEffective),
    make.resourcePolicy(iamMfaSeedIsSecret),
    make.resourcePolicy(iamRoleSessionDuration),
    make.notesPolicy(iamMfaNotes),
  ];
}
