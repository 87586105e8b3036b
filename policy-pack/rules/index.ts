/** The rules of the pack: pure functions from what a stack declares to what is wrong with it. */
export { configurationOf, schemaOf } from "./defaults";
export { type Exemption, withExemptions } from "./exemption";
export type { Finding, Findings } from "./finding";
export { iamGroupRequiresMfa } from "./iam-group-requires-mfa";
export { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
export { iamMfaNotes } from "./iam-mfa-notes";
export { iamMfaSeedIsSecret } from "./iam-mfa-seed-is-secret";
export { iamRoleRequiresMfa } from "./iam-role-requires-mfa";
export { iamRoleSessionDuration } from "./iam-role-session-duration";
export { iamUserRequiresMfa } from "./iam-user-requires-mfa";
export type { About, ResourceRule, StackRule } from "./rule";
