/** The rules of the pack: pure functions from what a stack declares to what is wrong with it. */
export { configurationOf, mistakesIn, schemaOf } from "./defaults";
export { type Exemption, inWords, sortByExemption, withExemptions } from "./exemption";
export type { Finding, Findings, Witness } from "./finding";
export { guardFix } from "./guard-fix";
export { type GuardConfig, guardOf } from "./guarded";
export { type GroupConfig, iamGroupRequiresMfa } from "./iam-group-requires-mfa";
export { iamMfaConditionIsEffective } from "./iam-mfa-condition-is-effective";
export { iamMfaNotes } from "./iam-mfa-notes";
export { iamMfaSeedIsSecret } from "./iam-mfa-seed-is-secret";
export { iamRoleRequiresMfa, type RoleConfig, trustOf, trustRules } from "./iam-role-requires-mfa";
export { iamRoleSessionDuration, type SessionConfig } from "./iam-role-session-duration";
export { iamRoleWebIdentityIsNarrowed, type WebIdentityConfig } from "./iam-role-web-identity-is-narrowed";
export {
  type Guarded,
  guardsOf,
  iamUserRequiresMfa,
  type UserConfig,
  userVerdict,
} from "./iam-user-requires-mfa";
export { ABOUT } from "./registry";
export type { About, Common, ResourceRule, StackRule } from "./rule";
export { unseenIn } from "./unseen";
