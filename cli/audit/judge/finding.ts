import { createHash } from "node:crypto";
import { describeContext, type Policy } from "aws-mfa-policy-pack/iam";
import type { Witness as PackWitness } from "aws-mfa-policy-pack/rules";
import type { Finding, Witness } from "../report";
import type { SaidViolation } from "./hearing";

/** A violation as the report has it. `policies`: those that decide how the subject stands, as far as they are known. */
export function findingOf(subject: string, violation: SaidViolation, policies: readonly Policy[]): Finding {
  const { by, level, message, witnesses = [], exempt } = violation;
  return {
    policy: by.about.name,
    severity: by.about.severity,
    level,
    message,
    witnesses: witnesses.map(witnessOf),
    fingerprint: fingerprint(subject, by.about.name, message, witnesses, policies),
    state: exempt === undefined ? "new" : "exempt",
  };
}

function witnessOf(witness: PackWitness): Witness {
  const { action, context, exact } = witness;
  const request = Object.fromEntries(
    [...witness.request].map(([key, values]) => [key, values === undefined ? null : values]),
  );
  const caller = "caller" in witness ? witness.caller : "user";
  const said = { action, world: describeContext(context, caller), request, exact };
  if (!("principal" in witness)) return { ...said, resource: witness.resource };
  const { statement, sid, principal } = witness;
  return { ...said, statement, ...(sid === undefined ? {} : { sid }), principal };
}

/**
 * The same as long as the same statements let the same principals in, wherever they stand, and the same Deny statements
 * stand beside them: a way in that asks for less than before is another, so that no baseline hides it. Where a policy
 * names no ways in, its words tell one finding from another.
 */
export function fingerprint(
  subject: string,
  policy: string,
  message: string,
  witnesses: readonly PackWitness[],
  policies: readonly Policy[],
): string {
  const statements = policies.flatMap((each) => each.statements);
  const ways = witnesses.map((each) => {
    const { action, context } = each;
    if (!("principal" in each)) return JSON.stringify([action, each.resource, context.kind]);
    const allow = statements.find(({ index }) => index === each.statement);
    return JSON.stringify([action, each.principal, context.kind, allow && textOf(allow)]);
  });
  const denies = statements.filter(({ effect }) => effect === "Deny").map(textOf);
  const told = [ways.length > 0 ? ways : [message], denies].map((each) => [...new Set(each)].sort());
  return createHash("sha256")
    .update(JSON.stringify([policy, subject, told]))
    .digest("hex")
    .slice(0, 32);
}

/** All of a statement that decides something. */
function textOf({ index: _, sid: __, ...rest }: Policy["statements"][number]): string {
  return JSON.stringify(rest);
}
