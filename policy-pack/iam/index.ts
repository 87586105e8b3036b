/** Decides what IAM policies allow without MFA. A plain library: no Pulumi, no input or output, no dependency. */

export { decideGuard } from "./guard/decide";
export {
  DEFAULT_GUARD_RULES,
  type GuardRules,
  type GuardVerdict,
  type GuardWitness,
  SELF_SERVICE_ACTIONS,
} from "./guard/verdict";
export { deniesOf, type Limit, mayDeny, parseLimit } from "./limits/limit";
export { type LimitedTrust, limitTrust } from "./limits/trust";
export type { IneffectiveCondition, IneffectiveKind, PolicyUse } from "./lint/ineffective";
export { lintConditions } from "./lint/lint";
export { memoize } from "./memoize";
export { describeContext, type MfaContext } from "./mfa-context";
export { type CallKeys, Permissions } from "./permissions/permissions";
export type { Condition, DocumentError, Parsed, Policy, PolicyKind, Statement } from "./policy/model";
export { parsePolicy } from "./policy/parse";
export { Choice, type Text, Unknown, written } from "./policy/unknown";
export type { PrincipalClass } from "./principal/entry";
export { decideRecorded } from "./recorded/decide";
export type {
  RecordedCaller,
  RecordedMfa,
  RecordedOutcome,
  RecordedRequest,
} from "./recorded/request";
export { type AssumableBy, assumableBy } from "./trust-policy/assumable-by";
export { decideTrust, isOpenToStrangers } from "./trust-policy/decide";
export {
  DEFAULT_TRUST_RULES,
  type TrustRules,
  type TrustVerdict,
  type TrustWitness,
} from "./trust-policy/verdict";
