import type { Fix, Remedy } from "../iam/trust-policy/fix";
import { statementName } from "./document";

const CONDITION = '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}';

/** The fixes as lines of a message. `maxMfaAgeSeconds`: the oldest MFA that counts, where one is configured. */
export function describeFixes(fixes: readonly Fix[], maxMfaAgeSeconds?: number): readonly string[] {
  return fixes.flatMap((fix) => {
    const { statement, sid, parts, namesOthers } = fix;
    const name = statementName(statement, sid);
    const each = parts.map(({ remedy, principals }) => describe(remedy, principals, fix, maxMfaAgeSeconds));
    const [only, ...more] = each;
    if (only !== undefined && more.length === 0 && !namesOthers) return [`Fix: in ${name}, ${only}`];
    const rest = namesOthers ? ["leave its other principals in a statement as it is."] : [];
    return [
      `Fix: split ${name} into a statement for each of these:`,
      ...[...each, ...rest].map((part) => `  - ${part}`),
    ];
  });
}

function describe(remedy: Remedy, principals: readonly string[], fix: Fix, age: number | undefined): string {
  const who = principals.join(", ");
  switch (remedy.kind) {
    case "require-mfa":
      return [
        `for ${who}, set ${CONDITION} ("Bool", not "BoolIfExists").`,
        ...(age === undefined
          ? []
          : [`Also set {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "${age}"}} there.`]),
        ...lockedOut(remedy.people, principals, fix),
      ].join(" ");
    case "name-principals":
      return (
        `replace ${who} with the users or accounts that need this role, then fix those. With an MFA condition ` +
        "alone, anyone with an MFA device in an AWS account of their own gets in."
      );
    case "vendor":
      return (
        `do not add an MFA condition for ${who}: a caller that passes an external id is a machine, and would be ` +
        "locked out. Trust its OIDC provider instead, or its role alone, and name that in trustedPrincipalArns; " +
        "otherwise exempt this role, with a reason and an expiry date."
      );
    case "cannot-prove":
      return `do not add an MFA condition for ${who}: ${cannotProve(remedy.class)}`;
    case "not-known":
      return (
        "give the principal that is not known yet a value that is known at preview, or name whom it may be in " +
        "trustedPrincipalArns."
      );
  }
}

function lockedOut(people: boolean, principals: readonly string[], fix: Fix): readonly string[] {
  const accounts = principals.filter((each) => fix.accounts.includes(each));
  const lines: string[] = [];
  if (accounts.length > 0) lines.push(...keptIn(accounts.join(", "), fix.keeps));
  if (!people && accounts.length < principals.length) {
    lines.push(
      "If a machine uses this user, it would be locked out: let it assume a role of its own (by OIDC, or the role that " +
        "it runs with) and name that role in trustedPrincipalArns, or exempt this role with a reason and an expiry date.",
    );
  }
  return lines;
}

/** Who of an account keeps access: whom the configuration exempts, and the roles that it does not. */
function keptIn(accounts: string, { roles, trusted, sessions }: Fix["keeps"]): readonly string[] {
  const only = (operator: string, key: string, values: readonly string[]) =>
    `a copy of the statement with ${JSON.stringify({ [operator]: { [key]: values.length === 1 ? values[0] : values } })} in place of the MFA condition`;
  const others = trusted.length > 0 || sessions.length > 0 ? "every other role" : "every role";
  return [
    ...(roles
      ? [
          `Keep the roles of ${accounts}, which are exempt: add ${only("StringEquals", "aws:PrincipalType", ["AssumedRole"])}.`,
        ]
      : []),
    ...(trusted.length > 0
      ? [
          `Keep those that trustedPrincipalArns names: add ${only("StringLike", "aws:PrincipalArn", trusted)}.`,
        ]
      : []),
    ...(sessions.length > 0
      ? [
          `No condition tells apart the sessions that ${sessions.join(", ")} names: put the ARNs of their roles in ` +
            "trustedPrincipalArns instead.",
        ]
      : []),
    ...(roles
      ? []
      : [
          `This locks out ${others} of ${accounts}, IAM Identity Center's included: give those that must keep access a ` +
            "statement of their own, and name them in trustedPrincipalArns.",
        ]),
  ];
}

function cannotProve(judged: "role" | "service" | "federated"): string {
  switch (judged) {
    case "role":
      return (
        "a role's session cannot prove MFA, and would be locked out. If the role is a machine's, name it in " +
        "trustedPrincipalArns; if people use it, trust their users instead."
      );
    case "service":
    case "federated":
      return (
        `AWS never sees MFA from ${judged === "service" ? "a service" : "an identity provider"}, so it would be locked ` +
        `out. Remove it from the statement, or set principals.${judged} to "exempt".`
      );
  }
}
