import { iamGroupRequiresMfa } from "./iam-group-requires-mfa";
import { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
import { iamMfaNotes } from "./iam-mfa-notes";
import { iamMfaSeedIsSecret } from "./iam-mfa-seed-is-secret";
import { iamRoleRequiresMfa } from "./iam-role-requires-mfa";
import { iamRoleSessionDuration } from "./iam-role-session-duration";
import { iamRoleWebIdentityIsNarrowed } from "./iam-role-web-identity-is-narrowed";
import { iamUserRequiresMfa } from "./iam-user-requires-mfa";
import type { About, Common, ResourceRule, StackRule } from "./rule";

/** All rules, in the order in which the pack has them. */
export const RULES: readonly (ResourceRule<Common> | StackRule<Common>)[] = [
  iamRoleRequiresMfa,
  iamGroupRequiresMfa,
  iamUserRequiresMfa,
  iamMfaConditionIsEffective,
  iamMfaSeedIsSecret,
  iamRoleSessionDuration,
  iamRoleWebIdentityIsNarrowed,
];

/** What the pack says of each of its policies; the notes come last. */
export const ABOUT: readonly About[] = [...RULES.map(({ about }) => about), iamMfaNotes];
