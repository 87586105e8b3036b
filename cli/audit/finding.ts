import { createHash } from "node:crypto";
import type { Result, Witness } from "aws-mfa-policy-pack/evaluation";
import { describeContext, type Policy } from "aws-mfa-policy-pack/iam";
import { violationText } from "aws-mfa-policy-pack/messages";
import type { Finding, ReportedWitness } from "./report";

/** A violation as the report has it; none of a policy that is disabled. */
export function findingOf(result: Result): readonly Finding[] {
  const { rule, level, assessment, effect } = result;
  const { ways = [], policies = [], data, arguments: told = [] } = assessment;
  if (level === "disabled" || (effect !== "violation" && effect !== "exempt")) return [];
  const identity = {
    policy: rule.about.name,
    subject: assessment.subject.urn,
    code: data.code,
    arguments: told,
  };
  return [
    {
      policy: rule.about.name,
      severity: rule.about.severity,
      level,
      code: data.code,
      ...(told.length > 0 && { arguments: told }),
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
  const said = { action, world: describeContext(context, caller), request, exact };
  if (!("principal" in witness)) return { ...said, resource: witness.resource };
  const { statement, sid, principal } = witness;
  return { ...said, statement, ...(sid === undefined ? {} : { sid }), principal };
}

/**
 * The same as long as it is the same code with the same arguments on the same subject. Where there are ways in: as long as the
 * same statements let the same principals in, wherever they are, and the same Deny statements are beside them. A way in that
 * asks for less than before is another, so that no baseline hides it. No text goes into it.
 */
export function fingerprint(
  {
    policy,
    subject,
    code,
    arguments: told,
  }: Pick<Finding, "policy" | "code" | "arguments"> & { readonly subject: string },
  ways: readonly Witness[] = [],
  policies: readonly Policy[] = [],
): string {
  return hash(ways.length === 0 ? [policy, subject, code, told] : [policy, subject, waysIn(ways, policies)]);
}

function waysIn(ways: readonly Witness[], policies: readonly Policy[]): readonly (readonly string[])[] {
  const statements = policies.flatMap((each) => each.statements);
  const told = ways.map((each) => {
    const { action, context } = each;
    if (!("principal" in each)) return JSON.stringify([action, each.resource, context.kind]);
    const allow = statements.find(({ index }) => index === each.statement);
    return JSON.stringify([action, each.principal, context.kind, allow && textOf(allow)]);
  });
  const denies = statements.filter(({ effect }) => effect === "Deny").map(textOf);
  return [told, denies].map((each) => [...new Set(each)].sort());
}

/** All of a statement that decides something. */
function textOf({ index: _, sid: __, ...rest }: Policy["statements"][number]): string {
  return JSON.stringify(rest);
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
