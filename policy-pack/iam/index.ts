/**
 * What an IAM policy means for a request without MFA. A plain library: no Pulumi, no input or output, no dependency.
 */
export { compileCondition } from "./condition/compile";
export { OPERATOR_NAMES, parseOperator } from "./condition/operator";
export type { Condition, DocumentError, Parsed, Policy, PolicyKind, Statement } from "./document/model";
export { parsePolicy } from "./document/parse";
export { findIneffective } from "./effective/find";
export type { IneffectiveCondition, IneffectiveKind, PolicyUse } from "./effective/finding";
export { decideGuard } from "./guard/decide";
export {
  DEFAULT_GUARD_RULES,
  type GuardRules,
  type GuardVerdict,
  type GuardWitness,
  SELF_SERVICE_ACTIONS,
} from "./guard/verdict";
export { Choice, Opaque, type Text } from "./opaque";
export type { PrincipalClass } from "./principal/entry";
export { decideTrust } from "./trust-policy/decide";
export { type Reach, reachOf } from "./trust-policy/reach";
export {
  DEFAULT_TRUST_RULES,
  type TrustRules,
  type TrustVerdict,
  type TrustWitness,
} from "./trust-policy/verdict";
export { describeWorld, type World } from "./world";
