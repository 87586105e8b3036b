import { createHash } from "node:crypto";
import type { Result, Witness } from "aws-mfa-policy-pack/evaluation";
import { describeContext, type Policy } from "aws-mfa-policy-pack/iam";
import { violationText } from "aws-mfa-policy-pack/messages";
import type { Finding, ReportedWitness } from "./report";

/** The finding of a result; none unless it is a violation or an exempt one. */
export function findingOf(result: Result): readonly Finding[] {
  const { rule, level, assessment, effect } = result;
  if (level === "disabled" || (effect !== "violation" && effect !== "exempt")) return [];
  const { ways = [], policies = [], data, arguments: args = [] } = assessment;
  const { name: policy, severity } = rule.about;
  const identity = { policy, subject: assessment.subject.urn, code: data.code, arguments: args };
  return [
    {
      ...{ policy, severity, level, code: data.code },
      ...(args.length > 0 && { arguments: args }),
      message: violationText(result),
      witnesses: ways.map(witnessOf),
      fingerprint: fingerprint(identity, ways, policies),
      state: effect === "exempt" ? "exempt" : "new",
    },
  ];
}

function witnessOf(witness: Witness): ReportedWitness {
  const { action, context, caller, exact } = witness;
  const request = Object.fromEntries(
    [...witness.request].map(([key, values]) => [key, values === undefined ? null : values]),
  );
  const common = { action, world: describeContext(context, caller), request, exact };
  if (!("principal" in witness)) return { ...common, resource: witness.resource };
  const { statement, sid, principal } = witness;
  return { ...common, statement, sid, principal };
}

/**
 * Stays the same while the same code with the same arguments is found for the same subject. With ways in: while the same statements
 * let in the same principals, in any order, beside the same Deny statements. A way in that requires less than before has a new
 * fingerprint, so that no baseline hides it. The message is no part of it.
 */
export function fingerprint(
  {
    policy,
    subject,
    code,
    arguments: args,
  }: Pick<Finding, "policy" | "code" | "arguments"> & { readonly subject: string },
  ways: readonly Witness[] = [],
  policies: readonly Policy[] = [],
): string {
  const identity =
    ways.length === 0 ? [policy, subject, code, args] : [policy, subject, waysIn(ways, policies)];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function waysIn(ways: readonly Witness[], policies: readonly Policy[]): readonly (readonly string[])[] {
  const statements = policies.flatMap((each) => each.statements);
  const requests = ways.map((each) => {
    const { action, context } = each;
    if (!("principal" in each)) return JSON.stringify([action, each.resource, context.kind]);
    const allow = statements.find(({ index }) => index === each.statement);
    return JSON.stringify([action, each.principal, context.kind, allow && meaningOf(allow)]);
  });
  const denies = statements.filter(({ effect }) => effect === "Deny").map(meaningOf);
  return [requests, denies].map((each) => [...new Set(each)].sort());
}

/** A statement without its position and its Sid, which decide nothing. Its form is that of every baseline so far: see `Statement`. */
function meaningOf({ index: _, sid: __, variables: ___, ...rest }: Policy["statements"][number]): string {
  return JSON.stringify(rest);
}
