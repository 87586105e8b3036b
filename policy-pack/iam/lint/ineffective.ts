import { MFA_AGE, MFA_PRESENT } from "../mfa-context";
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
  readonly reason: string;
  readonly rightForm: string;
}

/** Puts a finding on a condition into words. */
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
    reason: REASONS[kind],
    rightForm: rightForm(kind, statement.effect, key),
  };
}

const ACCESS_KEYS = "a request with long-term access keys, which does not carry the MFA key,";
const SESSION = "a session opened without a code, which carries the MFA key as false,";

const REASONS: Readonly<Record<IneffectiveKind, string>> = {
  "allows-absent": `${ACCESS_KEYS} meets the condition`,
  "allows-false": `${SESSION} meets the condition`,
  "allows-both": "requests without MFA meet the condition, with access keys and from a session alike",
  "misses-absent": `${ACCESS_KEYS} is not denied, here or by another Deny`,
  "misses-false": `${SESSION} is not denied, here or by another Deny`,
  "misses-both": "requests without MFA are not denied, here or by another Deny",
  "denies-mfa": "whoever has just used MFA is denied too",
  "never-met": "the MFA conditions of the statement are never met together, so that it does nothing",
  "principals-without-mfa":
    "services and federated principals can never prove MFA to AWS, so that the condition locks them out or does nothing",
  "role-permissions":
    "a role's session does not tell that MFA was used to open it, so that the condition says nothing about its caller",
  "both-values": "true and false together are met by every request that carries the key",
  "not-a-boolean": "the key is only ever true or false",
  undocumented: "AWS does not document what the operator does with this key and these values",
  "misspelt-key": "AWS knows no such condition key, so that no request carries it",
};

const ALLOW_PRESENT = '"Bool": {"aws:MultiFactorAuthPresent": "true"}';
const ALLOW_AGE = '"NumericLessThan": {"aws:MultiFactorAuthAge": seconds}';
const DENY_PRESENT = '"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}';
const DENY_AGE = '"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": seconds}';

function rightForm(kind: IneffectiveKind, effect: Statement["effect"], key: string): string {
  switch (kind) {
    case "misspelt-key":
      return meantMfaKey(key) ?? spell(MFA_PRESENT);
    case "principals-without-mfa":
      return "a statement of their own without the MFA condition";
    case "role-permissions":
      return `in the role's trust policy, under Allow: ${ALLOW_PRESENT}`;
    default:
      if (effect === "Allow") return key === MFA_AGE ? ALLOW_AGE : ALLOW_PRESENT;
      return key === MFA_AGE ? DENY_AGE : DENY_PRESENT;
  }
}
