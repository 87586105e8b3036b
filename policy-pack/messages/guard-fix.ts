import {
  type ExceptionsGap,
  FEDERATED_USERS,
  type GuardRules,
  type GuardVerdict,
  type SessionsGap,
} from "../iam/guard/verdict";
import { describeContext } from "../iam/mfa-context";
import { linesOf } from "./lines";

export type OpenGuard = Extract<GuardVerdict, { kind: "open" }>;

/**
 * What gets past policies that are not a guard, and how to make them one, as lines of a message. For a guard with a gap, the fix
 * is to close the gap; for all other policies it is a guard, to `attach` or to `make it`.
 */
export function guardFix(
  { decided, witness, gap }: OpenGuard,
  verb: "attach" | "make it",
  rules: GuardRules,
): readonly string[] {
  return linesOf(
    decided
      ? `  Way in: no Deny stops ${witness.action} ${describeContext(witness.context, witness.caller)}.`
      : "  The policies are too complex to prove that they are a guard, so they do not count as one.",
    gap === undefined && `Fix: ${verb} ${GUARD}.`,
    gap?.kind === "sessions" && sessionsFix(gap),
    gap?.kind === "exceptions" && gap.tooMuch.length > 0 && tooMuchFix(gap, rules),
    gap?.kind === "exceptions" && gap.exemptsServices && SERVICES_FIX,
  );
}

const GUARD =
  'a Deny with NotAction (a short list of self-service calls), Resource "*" and ' +
  '"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}} ("BoolIfExists", not "Bool")';

/** The number of entries that are listed; further ones are counted. */
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
  return linesOf(
    `  Its Deny is a guard that leaves too much open: ${named} in NotAction.`,
    `Fix: remove ${tooMuch.length === 1 ? "this entry" : "these entries"} from NotAction.`,
    acceptable && `  To accept what stays open without MFA, ${accepted}.`,
  );
}

/** Source: IAM user guide, "Permissions for GetFederationToken". */
function sessionsFix({ byArn }: SessionsGap): readonly string[] {
  return linesOf(
    "  Its Deny guards users only. allowedWithoutMfa accepts sts:GetFederationToken, whose sessions have the same policies",
    "  under another aws:PrincipalArn.",
    byArn ? "Fix: do one of these." : "Fix: deny the call.",
    byArn && `  - Add "${FEDERATED_USERS}" to the values of aws:PrincipalArn in its Deny.`,
    "  - Remove sts:GetFederationToken from NotAction and from allowedWithoutMfa.",
  );
}

/** Source: IAM user guide, "aws:ViaAWSMCPService", "aws:CalledViaFirst". */
const SERVICES_FIX: readonly string[] = [
  "  Its Deny exempts calls that AWS services make for a caller (aws:ViaAWSService). AWS's managed MCP servers make such calls,",
  "  too, and the caller needs no action of their own that a guard could deny. So a caller without MFA gets in through them.",
  "Fix: do one of these.",
  "  - Exempt only the calls of named services, none of them an MCP server. In place of aws:ViaAWSService:",
  '    "StringNotEquals": {"aws:CalledViaFirst": ["cloudformation.amazonaws.com"]}',
  "  - Attach a second Deny with the same NotAction and Resource, for the MCP servers:",
  '    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "Bool": {"aws:ViaAWSMCPService": "true"}}',
];
