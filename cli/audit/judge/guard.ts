import { parsePolicy } from "aws-mfa-policy-pack/iam";
import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import { guardFix } from "aws-mfa-policy-pack/rules";
import type { Subject } from "../report";
import { findingOf } from "./finding";
import { Hearing } from "./hearing";
import type { Settings } from "./settings";
import { deniesForWantOfMfa, guardVerdict, policyStands } from "./standing";

/** A policy that nobody carries yet. One that denies something for want of MFA is meant as a guard, and has to be one. */
export function judgeGuard(policy: Resource, settings: Settings, now: Date): Subject {
  const hearing = new Hearing(settings, now);
  hearing.resource(policy);
  const document = policy.props.PolicyDocument;
  const parsed = parsePolicy(document, "identity");
  const policies = parsed.ok ? [parsed.policy] : [];
  const verdict = guardVerdict(document, settings.group.config);
  const isMeant = verdict?.kind === "open" && deniesForWantOfMfa(document);
  if (isMeant) {
    const message = [
      "Whoever carries this policy is not held to MFA by it, though it denies something for want of MFA.",
      ...guardFix(verdict, "make it", settings.group.config),
    ].join("\n");
    hearing.violation(settings.group, { resource: policy, message, witnesses: [verdict.witness] });
  }
  const said = hearing.of(policy.urn);
  const exempt = said?.violations.find((each) => each.by === settings.group)?.exempt;
  let stands = policyStands(document, settings.group.config);
  if (exempt !== undefined) stands = { standing: "exempt", reason: exempt };
  else if (isMeant) {
    stands = { standing: "open", reason: `It does not deny ${verdict.witness.action} without MFA.` };
  }
  return {
    kind: "policy",
    name: policy.name,
    id: policy.urn,
    ...stands,
    findings: said?.violations.map((each) => findingOf(policy.urn, each, policies)) ?? [],
    notes: said?.notes ?? [],
  };
}
