import type { About, Rule } from "../evaluation/rule";
import { iamGroupRequiresMfa } from "./iam-group-requires-mfa";
import { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
import { iamMfaNotes } from "./iam-mfa-notes";
import { iamMfaSeedIsSecret } from "./iam-mfa-seed-is-secret";
import { iamRoleRequiresMfa } from "./iam-role-requires-mfa";
import { iamRoleSessionDuration } from "./iam-role-session-duration";
import { iamRoleWebIdentityIsNarrowed } from "./iam-role-web-identity-is-narrowed";
import { iamUserRequiresMfa } from "./iam-user-requires-mfa";

/** All rules, in the order in which the pack has them. */
export const RULES: readonly Rule[] = [
  iamRoleRequiresMfa,
  iamGroupRequiresMfa,
  iamUserRequiresMfa,
  iamMfaConditionIsEffective,
  iamMfaSeedIsSecret,
  iamRoleSessionDuration,
  iamRoleWebIdentityIsNarrowed,
];

/** The description of each policy of the pack; the notes come last. */
export const ABOUT: readonly About[] = [...RULES.map(({ about }) => about), iamMfaNotes];

/** The rule that decides the verdict on a kind of subject. */
export function deciding(kind: string): Rule | undefined {
  return RULES.find(({ decides }) => decides === kind);
}
