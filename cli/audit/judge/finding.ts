import { createHash } from "node:crypto";
import { describeWorld } from "aws-mfa-policy-pack/iam";
import type { Witness as PackWitness } from "aws-mfa-policy-pack/rules";
import type { Finding, Witness } from "../report";
import type { SaidViolation } from "./hearing";

/** A violation as the report has it. */
export function findingOf(subject: string, violation: SaidViolation): Finding {
  const { by, level, message, witnesses = [], exempt } = violation;
  return {
    policy: by.about.name,
    severity: by.about.severity,
    level,
    message,
    witnesses: witnesses.map(witnessOf),
    fingerprint: fingerprint(subject, by.about.name, message, witnesses),
    state: exempt === undefined ? "new" : "exempt",
  };
}

function witnessOf(witness: PackWitness): Witness {
  const { action, world, exact } = witness;
  const request = Object.fromEntries(
    [...witness.request].map(([key, values]) => [key, values === undefined ? null : values]),
  );
  const said = { action, world: describeWorld(world), request, exact };
  if (!("principal" in witness)) return { ...said, resource: witness.resource };
  const { statement, sid, principal } = witness;
  return { ...said, statement, ...(sid === undefined ? {} : { sid }), principal };
}

/**
 * The same as long as the same ways in are open to the same principals, wherever their statements stand. Where a policy
 * names no ways in, its words tell one finding from another.
 */
export function fingerprint(
  subject: string,
  policy: string,
  message: string,
  witnesses: readonly PackWitness[],
): string {
  const ways = witnesses.map((each) => ("principal" in each ? `${each.action} ${each.principal}` : "guard"));
  const told = ways.length > 0 ? [...new Set(ways)].sort() : [message];
  return createHash("sha256")
    .update(JSON.stringify([policy, subject, ...told]))
    .digest("hex")
    .slice(0, 32);
}
