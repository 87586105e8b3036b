import type { Fix, Remedy } from "../iam/trust-policy/fix";
import { statementName } from "./document";
import { linesOf } from "./lines";

const CONDITION = '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}';

/** The fixes as lines of a message. `maxMfaAgeSeconds`: the configured maximum age of the MFA. */
export function describeFixes(fixes: readonly Fix[], maxMfaAgeSeconds?: number): readonly string[] {
  return fixes.flatMap((fix) => {
    const { statement, sid, parts, namesOthers } = fix;
    const name = statementName(statement, sid);
    const each = parts.map(({ remedy, principals }) => describe(remedy, principals, fix, maxMfaAgeSeconds));
    const [only, ...more] = each;
    if (only !== undefined && more.length === 0 && !namesOthers) return [`Fix: in ${name}, ${only}`];
    return linesOf(
      `Fix: split ${name} into a statement for each of these:`,
      each.map((part) => `  - ${part}`),
      namesOthers && "  - leave its other principals in a statement as it is.",
    );
  });
}

function describe(remedy: Remedy, principals: readonly string[], fix: Fix, age: number | undefined): string {
  const who = principals.join(", ");
  switch (remedy.kind) {
    case "require-mfa":
      return linesOf(
        `for ${who}, set ${CONDITION} ("Bool", not "BoolIfExists").`,
        age !== undefined &&
          `Also set {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "${age}"}} there.`,
        lockedOut(remedy.people, principals, fix),
      ).join(" ");
    case "name-principals":
      return (
        `replace ${who} with the users or accounts that need this role, then apply the fix for those. With only an MFA ` +
        "condition, anyone with an MFA device in any AWS account gets in."
      );
    case "vendor":
      return (
        `do not add an MFA condition for ${who}: a caller that passes an external ID is a machine, and would be ` +
        "locked out. Trust its OIDC provider instead, or only its role, and name that in trustedPrincipalArns; " +
        "otherwise exempt this role, with a reason and an expiry date."
      );
    case "cannot-prove":
      return `do not add an MFA condition for ${who}: ${cannotProve(remedy.class)}`;
    case "not-known":
      return (
        "give the principal that is not known yet a value that is known at preview, or list the principals that it may be " +
        "in trustedPrincipalArns."
      );
  }
}

function lockedOut(people: boolean, principals: readonly string[], fix: Fix): readonly string[] {
  const accounts = principals.filter((each) => fix.accounts.includes(each));
  return linesOf(
    accounts.length > 0 && keptIn(accounts.join(", "), fix.keeps),
    !people &&
      accounts.length < principals.length &&
      "If a machine uses this user, it would be locked out: let it assume a role of its own (by OIDC, or the role that " +
        "it runs with) and name that role in trustedPrincipalArns, or exempt this role with a reason and an expiry date.",
  );
}

/** How exempt principals of an account keep access, and which roles lose it. */
function keptIn(accounts: string, { roles, trusted, sessions }: Fix["keeps"]): readonly string[] {
  const only = (operator: string, key: string, values: readonly string[]) =>
    `a copy of the statement with ${JSON.stringify({ [operator]: { [key]: values.length === 1 ? values[0] : values } })} in place of the MFA condition`;
  const others = trusted.length > 0 || sessions.length > 0 ? "every other role" : "every role";
  return linesOf(
    roles &&
      `Keep the roles of ${accounts}, which are exempt: add ${only("StringEquals", "aws:PrincipalType", ["AssumedRole"])}.`,
    trusted.length > 0 &&
      `Keep those that trustedPrincipalArns names: add ${only("StringLike", "aws:PrincipalArn", trusted)}.`,
    sessions.length > 0 &&
      `No condition can match the sessions that ${sessions.join(", ")} names: put the ARNs of their roles in trustedPrincipalArns instead.`,
    !roles &&
      `This locks out ${others} of ${accounts}, IAM Identity Center's included: give those that must keep access a ` +
        "statement of their own, and name them in trustedPrincipalArns.",
  );
}

function cannotProve(ofClass: "role" | "service" | "federated"): string {
  if (ofClass === "role") {
    return (
      "a role's session cannot prove MFA, and would be locked out. If the role is a machine's, name it in " +
      "trustedPrincipalArns; if people use it, trust their users instead."
    );
  }
  return (
    `AWS never sees MFA from ${ofClass === "service" ? "a service" : "an identity provider"}, so it would be locked ` +
    `out. Remove it from the statement, or set principals.${ofClass} to "exempt".`
  );
}
