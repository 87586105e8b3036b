import { type RequestAnalysis, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Context } from "./context";
import { AwsError } from "./error";
import type { Level } from "./organization";
import type { PrincipalPolicies } from "./policies";
import { UNSUPPORTED } from "./request/call";
import type { Question } from "./request/question";

/** Everything that decides a request. */
export interface Evidence {
  /** The caller's ARN. */
  readonly principal: string;
  readonly context: Context;
  readonly policies: PrincipalPolicies;
  /** A bucket's policy, or a role's trust policy. */
  readonly resourcePolicy?: unknown;
  /** Whether the resource's policy must allow the caller itself, not only its account. */
  readonly trustAlone?: boolean;
  readonly scps: readonly Level[];
  readonly rcps: readonly Level[];
}

/**
 * Decides a request with an independent evaluator, over all policies that apply.
 *
 * @throws AwsError `AccessDenied` with the kind of policy that denies the request
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
      UNSUPPORTED,
      `The evaluator cannot decide ${question.action} on ${question.resource}: ${JSON.stringify(answer.errors)}`,
    );
  }
  const analysis = answer.resultType === "single" ? answer.result.analysis : answer.results[0]?.analysis;
  const named = !evidence.trustAlone || analysis?.resourceAnalysis?.result === "Allowed";
  if (answer.overallResult === "Allowed" && named) return;
  throw denied(question, evidence.principal, analysis);
}

/** AWS's message: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
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
  const missing = [...kinds]
    .reverse()
    .find(([, kind, result]) => kind !== "resource-based policy" && result === "ImplicitlyDenied");
  // AWS does not say whether the trust policy or the caller's own policies do not allow it.
  if (missing === undefined || action.startsWith("sts:AssumeRole")) return "";
  return ` because no ${missing[1]} allows the ${action} action`;
}
