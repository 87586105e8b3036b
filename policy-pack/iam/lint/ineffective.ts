import { spellKey } from "../condition/key";
import { MFA_PRESENT } from "../mfa-context";
import { type Condition, referenceTo, type Statement, type StatementReference } from "../policy/model";
import { meantMfaKey } from "./key-spelling";

/** Where a policy is attached: to a role as its trust policy, to a user or group, or to a role as its permissions. */
export type PolicyUse = "trust" | "member" | "role-permissions";

/** What is wrong with an MFA condition. */
export type IneffectiveKind =
  /** An Allow that matches long-term access keys. */
  | "allows-absent"
  /** An Allow that matches a session without MFA. */
  | "allows-false"
  /** An Allow that matches both. */
  | "allows-both"
  /** A Deny that does not match long-term access keys, which no other Deny stops. */
  | "misses-absent"
  /** A Deny that does not match sessions without MFA. */
  | "misses-false"
  /** A Deny that matches neither. */
  | "misses-both"
  /** A Deny that matches a caller who has just used MFA. */
  | "denies-mfa"
  /** The statement's MFA conditions contradict each other. */
  | "never-met"
  /** The statement's principals can never prove MFA. */
  | "principals-without-mfa"
  /** A condition in a role's permissions, whose sessions carry no MFA. */
  | "role-permissions"
  /** Asks for true and false at once. */
  | "both-values"
  /** A value that is neither true nor false. */
  | "not-a-boolean"
  /** An operator that AWS does not document for the key, or no value at all. */
  | "undocumented"
  /** A key that AWS does not know, close to an MFA key. */
  | "misspelt-key";

/** An MFA condition that is not effective. Contains no value from the document. */
export interface IneffectiveCondition extends StatementReference {
  /** As AWS spells it. */
  readonly operator: string;
  /** The MFA keys as AWS spells them, any other in lower case. */
  readonly key: string;
  readonly kind: IneffectiveKind;
  readonly effect: Statement["effect"];
  /** The key to use instead. */
  readonly meant?: string;
}

export function ineffective(
  kind: IneffectiveKind,
  statement: Statement,
  { operator, key }: Pick<Condition, "operator" | "key">,
): IneffectiveCondition {
  return {
    ...referenceTo(statement),
    operator: operator.name,
    key: spellKey(key),
    kind,
    effect: statement.effect,
    ...(kind === "misspelt-key" ? { meant: meantMfaKey(key) ?? spellKey(MFA_PRESENT) } : {}),
  };
}
