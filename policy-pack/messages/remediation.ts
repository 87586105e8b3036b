import type { LeftAlone, NotPeople } from "../iam/trust-policy/remediate";
import type { TrustVerdict } from "../iam/trust-policy/verdict";

/** Why a trust policy was not remediated, as one clause. */
export function leftAlone(why: LeftAlone): string {
  switch (why.kind) {
    case "refused":
      return "it is not a valid trust policy";
    case "anyone-with-mfa":
      return "anyone gets in with the MFA of any AWS account";
    case "unknown":
      return dependsOnUnknown(why);
    case "not-people":
      return [...new Set(why.principals.map(notPeople))].join("; ");
    case "without-mfa":
      return "its other conditions rule out MFA, so the MFA condition would lock everyone out";
    case "still-open":
      return "the MFA condition alone would not protect it";
    case "long-number":
      return "it has a number that JSON cannot represent exactly";
    case "hidden":
      return why.part === "principal"
        ? "one of its principals is secret"
        : "a part that has to change is secret or not known yet";
    case "trusted-session":
      return `"${why.pattern}" in trustedPrincipalArns names sessions, which no condition can match`;
    case "inseparable":
      return "no condition can distinguish the principals that need no MFA";
  }
}

function notPeople({ principal, unless }: NotPeople): string {
  if (unless === undefined) return `an MFA condition is not a fix for ${principal}`;
  const who = unless.kind === "user" ? "it is a person's" : "all users of that account are people";
  return `peopleArns does not cover ${principal}; if ${who}, add "${unless.pattern}"`;
}

/** Says that who gets in is not known yet, and which settings may turn out to exempt a principal. */
export function dependsOnUnknown({
  principals,
  exemptBy,
}: Extract<TrustVerdict, { kind: "unknown" }>): string {
  const reason = "who gets in depends on a value that is not known yet";
  if (principals.length === 0) return reason;
  return `${reason}: ${principals.join(", ")} may turn out to be exempt by ${exemptBy.join(", ")}`;
}
