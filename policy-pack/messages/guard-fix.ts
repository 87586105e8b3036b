import {
  type ExceptionsGap,
  FEDERATED_USERS,
  type GuardRules,
  type GuardVerdict,
  type SessionsGap,
} from "../iam/guard/verdict";
import { describeContext } from "../iam/mfa-context";

export type OpenGuard = Extract<GuardVerdict, { kind: "open" }>;

/**
 * What gets past policies that are no guard, and how to make them one, as lines of a message. A guard that only leaves
 * too much open is told what to change in it; for all others the fix is a guard, to `attach` or to `make it`.
 */
export function guardFix(
  { decided, witness, gap }: OpenGuard,
  verb: "attach" | "make it",
  rules: GuardRules,
): readonly string[] {
  const wayPast = decided
    ? `  Way in: no Deny stops ${witness.action} ${describeContext(witness.context, witness.caller)}.`
    : "  The policies are too complex to prove that they are a guard, so they count as none.";
  if (gap === undefined) return [wayPast, `Fix: ${verb} ${GUARD}.`];
  if (gap.kind === "sessions") return [wayPast, ...sessionsFix(gap)];
  return [
    wayPast,
    ...(gap.tooMuch.length === 0 ? [] : tooMuchFix(gap, rules)),
    ...(gap.exemptsServices ? SERVICES_FIX : []),
  ];
}

const GUARD =
  'a Deny with NotAction (a short list of self-service calls), Resource "*" and ' +
  '"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}} ("BoolIfExists", not "Bool")';

/** Of a longer list the first so many entries are named, and the rest are counted. */
const LISTED = 5;

function tooMuchFix(
  { tooMuch, acceptable }: ExceptionsGap,
  { allowedWithoutMfa }: GuardRules,
): readonly string[] {
  const more = tooMuch.length - LISTED;
  const named = tooMuch.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const accepted =
    more > 0
      ? "add them to allowedWithoutMfa"
      : `configure ${JSON.stringify({ allowedWithoutMfa: [...allowedWithoutMfa, ...tooMuch] })}`;
  return [
    `  Its Deny is a guard that leaves too much open: ${named} in NotAction.`,
    `Fix: remove ${tooMuch.length === 1 ? "this entry" : "these entries"} from NotAction.`,
    ...(acceptable ? [`  To accept what stays open without MFA, ${accepted}.`] : []),
  ];
}

/** Source: IAM user guide, "Permissions for GetFederationToken". */
function sessionsFix({ byArn }: SessionsGap): readonly string[] {
  return [
    "  Its Deny is a guard of users alone. allowedWithoutMfa accepts sts:GetFederationToken, and a session of it carries the same",
    "  policies under another aws:PrincipalArn.",
    byArn ? "Fix: do one of these." : "Fix: stop the call.",
    ...(byArn ? [`  - Add "${FEDERATED_USERS}" to the values of aws:PrincipalArn in its Deny.`] : []),
    "  - Take sts:GetFederationToken out of NotAction, and out of allowedWithoutMfa.",
  ];
}

/** Source: IAM user guide, "aws:ViaAWSMCPService", "aws:CalledViaFirst". */
const SERVICES_FIX: readonly string[] = [
  "  Its Deny exempts calls that AWS services make for a caller (aws:ViaAWSService). AWS's managed MCP servers make such calls,",
  "  too, and the caller needs no action of their own for it that a guard could stop. So whoever has no MFA gets in through them.",
  "Fix: do one of these.",
  "  - Exempt the calls of named services only, none of them an MCP server. In place of aws:ViaAWSService:",
  '    "StringNotEquals": {"aws:CalledViaFirst": ["cloudformation.amazonaws.com"]}',
  "  - Attach a second Deny with the same NotAction and Resource, for the MCP servers:",
  '    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "Bool": {"aws:ViaAWSMCPService": "true"}}',
];
