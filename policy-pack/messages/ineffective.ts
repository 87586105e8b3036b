import type { IneffectiveCondition, IneffectiveKind } from "../iam/lint/ineffective";

const ACCESS_KEYS = "a request with long-term access keys, which does not carry the MFA key,";
const SESSION = "a session started without a code, in which the MFA key is false,";

/** Why an MFA condition is ineffective, as one clause. */
export const INEFFECTIVE: Readonly<Record<IneffectiveKind, string>> = {
  "allows-absent": `${ACCESS_KEYS} meets the condition`,
  "allows-false": `${SESSION} meets the condition`,
  "allows-both": "requests without MFA meet the condition, with access keys and from a session alike",
  "misses-absent": `${ACCESS_KEYS} is not denied, here or by another Deny`,
  "misses-false": `${SESSION} is not denied, here or by another Deny`,
  "misses-both": "requests without MFA are not denied, here or by another Deny",
  "denies-mfa": "callers who have just used MFA are denied, too",
  "never-met": "the MFA conditions of the statement contradict each other, so it never applies",
  "principals-without-mfa":
    "services and federated principals can never prove MFA to AWS, so the condition locks them out or does nothing",
  "role-permissions":
    "a role's session does not carry the MFA of the caller that started it, so the condition does not test that caller",
  "both-values": "true and false together match every request that carries the key",
  "not-a-boolean": "the key is only ever true or false",
  undocumented: "AWS does not document what the operator does with this key and these values",
  "misspelt-key": "AWS has no such condition key, so no request carries it",
};

const ALLOW_PRESENT = '"Bool": {"aws:MultiFactorAuthPresent": "true"}';
const ALLOW_AGE = '"NumericLessThan": {"aws:MultiFactorAuthAge": seconds}';
const DENY_PRESENT = '"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}';
const DENY_AGE = '"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": seconds}';

/** What to write in place of an ineffective MFA condition. */
export function rightForm({ kind, effect, key, meant }: IneffectiveCondition): string {
  if (meant !== undefined) return meant;
  const isAge = key === "aws:MultiFactorAuthAge";
  switch (kind) {
    case "principals-without-mfa":
      return "a statement of their own without the MFA condition";
    case "role-permissions":
      return `in the role's trust policy, under Allow: ${ALLOW_PRESENT}`;
    default:
      if (effect === "Allow") return isAge ? ALLOW_AGE : ALLOW_PRESENT;
      return isAge ? DENY_AGE : DENY_PRESENT;
  }
}
