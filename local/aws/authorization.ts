import { type RequestAnalysis, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Context } from "./context";
import { AwsError } from "./error";
import type { Level } from "./organization";
import type { PrincipalPolicies } from "./policies";
import { NOT_KNOWN } from "./request/call";
import type { Question } from "./request/question";

/** Everything that a decision rests on. */
export interface Evidence {
  /** The ARN of whoever calls. */
  readonly principal: string;
  readonly context: Context;
  readonly policies: PrincipalPolicies;
  /** A bucket's policy, or a role's trust policy. */
  readonly resourcePolicy?: unknown;
  /** Whether the resource's policy has to name the caller: that it trusts the account is not enough. */
  readonly trustAlone?: boolean;
  readonly scps: readonly Level[];
  readonly rcps: readonly Level[];
}

/**
 * Decides by an evaluator that we did not write, over all policies that count.
 *
 * @throws AwsError `AccessDenied` where they do not allow it, with the kind of policy that it failed by
 */
export async function authorize(question: Question, evidence: Evidence): Promise<void> {
  const { policies, resourcePolicy } = evidence;
  const asked: Simulation = {
    request: {
      principal: evidence.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: { ...evidence.context, "aws:ResourceAccount": question.account, ...question.context },
    },
    identityPolicies: [...policies.identity],
    serviceControlPolicies: [...evidence.scps],
    resourceControlPolicies: [...evidence.rcps],
    ...(policies.session && { sessionPolicy: policies.session }),
    ...(policies.boundary && { permissionBoundaryPolicies: [policies.boundary] }),
    ...(resourcePolicy !== undefined && { resourcePolicy }),
  };
  const answer = await runSimulation(asked, {});
  if (answer.resultType === "error") {
    throw new AwsError(
      501,
      NOT_KNOWN,
      `The evaluator cannot decide ${question.action} on ${question.resource}: ${JSON.stringify(answer.errors)}`,
    );
  }
  const analysis = answer.resultType === "single" ? answer.result.analysis : answer.results[0]?.analysis;
  const named = !evidence.trustAlone || analysis?.resourceAnalysis?.result === "Allowed";
  if (answer.overallResult === "Allowed" && named) return;
  throw denied(question, evidence.principal, analysis);
}

/** AWS's words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function denied(
  question: Question,
  principal: string,
  analysis: RequestAnalysis | undefined,
): AwsError {
  const { action, named } = question;
  const on = named === undefined ? "" : ` on resource: ${named}`;
  const why = analysis ? reason(action, analysis) : "";
  return new AwsError(
    403,
    action.startsWith("organizations:") ? "AccessDeniedException" : "AccessDenied",
    `User: ${principal} is not authorized to perform: ${action}${on}${why}`,
  );
}

function reason(action: string, analysis: RequestAnalysis): string {
  const kinds = [
    ["an", "identity-based policy", analysis.identityAnalysis?.result],
    ["a", "permissions boundary", analysis.permissionBoundaryAnalysis?.result],
    ["a", "session policy", analysis.sessionAnalysis?.result],
    ["a", "resource-based policy", analysis.resourceAnalysis?.result],
    ["a", "service control policy", analysis.scpAnalysis?.result],
    ["a", "resource control policy", analysis.rcpAnalysis?.result],
  ] as const;
  const denying = kinds.find(
    ([, , result]) => result === "ExplicitlyDenied" || result === "DeniedForAccount",
  );
  if (denying) return ` with an explicit deny in ${denying[0]} ${denying[1]}`;
  const silent = [...kinds]
    .reverse()
    .find(([, kind, result]) => kind !== "resource-based policy" && result === "ImplicitlyDenied");
  // Whether a trust policy or the caller's own was silent AWS does not tell.
  if (silent === undefined || action.startsWith("sts:AssumeRole")) return "";
  return ` because no ${silent[1]} allows the ${action} action`;
}
