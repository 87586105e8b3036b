import { MFA_PRESENT } from "../mfa-context";
import type { Condition, Statement } from "../policy/model";
import { meantMfaKey, spell } from "./key-spelling";

/** Where a policy is attached: to a role as its trust policy, to a user or group, or to a role as its permissions. */
export type PolicyUse = "trust" | "member" | "role-permissions";

/** What is wrong with an MFA condition, by what it does and not by how it is written. */
export type IneffectiveKind =
  /** An Allow that is met by long-term access keys. */
  | "allows-absent"
  /** An Allow that is met by a session without MFA. */
  | "allows-false"
  /** An Allow that is met by both. */
  | "allows-both"
  /** A Deny that lets long-term access keys through, and no other Deny stops them. */
  | "misses-absent"
  /** A Deny that lets sessions without MFA through. */
  | "misses-false"
  /** A Deny that lets both through. */
  | "misses-both"
  /** A Deny that stops a caller who has just used MFA. */
  | "denies-mfa"
  /** The statement's MFA conditions contradict each other. */
  | "never-met"
  /** The statement's principals can never prove MFA. */
  | "principals-without-mfa"
  /** Stands in a role's permissions, where no MFA is seen. */
  | "role-permissions"
  /** Asks for true and false at once. */
  | "both-values"
  /** A value that is neither true nor false. */
  | "not-a-boolean"
  /** An operator that AWS does not document for the key, or no value at all. */
  | "undocumented"
  /** A key that AWS does not know, close to an MFA key. */
  | "misspelt-key";

/** An MFA condition that does not do what it says. Holds no value out of the document. */
export interface IneffectiveCondition {
  /** Place of the statement in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
  /** As AWS spells it. */
  readonly operator: string;
  /** The MFA keys as AWS spells them, any other in lower case. */
  readonly key: string;
  readonly kind: IneffectiveKind;
  readonly effect: Statement["effect"];
  /** The key that takes its place, where that is another one. */
  readonly meant?: string;
}

export function ineffective(
  kind: IneffectiveKind,
  statement: Statement,
  { operator, key }: Pick<Condition, "operator" | "key">,
): IneffectiveCondition {
  return {
    statement: statement.index,
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    operator: operator.name,
    key: spell(key),
    kind,
    effect: statement.effect,
    ...(kind === "misspelt-key" ? { meant: meantMfaKey(key) ?? spell(MFA_PRESENT) } : {}),
  };
}
