import type { Policies } from "@pulumi/policy";
import type { Disabled } from "./configure";
import { PolicyMaker } from "./policies";
import { iamGroupRequiresMfa } from "./rules/iam-group-requires-mfa";
import { iamMfaConditionIsEffective } from "./rules/iam-mfa-condition-is-effective";
import { iamMfaNotes } from "./rules/iam-mfa-notes";
import { iamMfaSeedIsSecret } from "./rules/iam-mfa-seed-is-secret";
import { iamRoleRequiresMfa } from "./rules/iam-role-requires-mfa";
import { iamRoleSessionDuration } from "./rules/iam-role-session-duration";
import { iamRoleWebIdentityIsNarrowed } from "./rules/iam-role-web-identity-is-narrowed";
import { iamUserRequiresMfa } from "./rules/iam-user-requires-mfa";
import type { About, Common, ResourceRule, StackRule } from "./rules/rule";

const RULES: readonly (ResourceRule<Common> | StackRule<Common>)[] = [
  iamRoleRequiresMfa,
  iamGroupRequiresMfa,
  iamUserRequiresMfa,
  iamMfaConditionIsEffective,
  iamMfaSeedIsSecret,
  iamRoleSessionDuration,
  iamRoleWebIdentityIsNarrowed,
];

/** What the pack says of each of its policies. */
export const ABOUT: readonly About[] = [...RULES.map(({ about }) => about), iamMfaNotes];

/** The policies of the pack. The notes come last, since they say what the others noted. */
export function policies(disabled: Disabled = new Set()): Policies {
  const make = new PolicyMaker(disabled);
  return [
    ...RULES.map((rule) => (rule.kind === "resource" ? make.resourcePolicy(rule) : make.stackPolicy(rule))),
    make.notesPolicy(iamMfaNotes),
  ];
}
