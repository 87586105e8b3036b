import type { IAM } from "@aws-sdk/client-iam";
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { arnOfUser, policiesOf, trustPolicyOf } from "./documents";

/**
 * How a request comes, and what it carries (AWS IAM user guide, "AWS global condition context keys"): access keys carry no
 * MFA key at all, a session without a code carries `false`, one with a code `true` and its age.
 */
export const CALLERS = {
  "access keys": {},
  "a session without a code": { "aws:MultiFactorAuthPresent": "false" },
  "an MFA code": { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "10" },
} as const;

export type Caller = keyof typeof CALLERS;

/** Whether the user may do `action` on `resource`, by the policies that AWS has for them and their groups. */
export async function mayDo(
  iam: IAM,
  user: string,
  caller: Caller,
  action: string,
  resource: string,
): Promise<boolean> {
  return decide(await simulation(iam, user, caller, action, resource));
}

/** Whether the user may assume the role: by their own policies and by the role's trust policy. */
export async function mayAssume(iam: IAM, user: string, caller: Caller, role: string): Promise<boolean> {
  const { arn, policy } = await trustPolicyOf(iam, role);
  const asked = await simulation(iam, user, caller, "sts:AssumeRole", arn);
  return decide({ ...asked, resourcePolicy: policy });
}

async function simulation(
  iam: IAM,
  user: string,
  caller: Caller,
  action: string,
  resource: string,
): Promise<Simulation> {
  const principal = await arnOfUser(iam, user);
  const policies = await policiesOf(iam, user);
  return {
    request: {
      principal,
      action,
      resource: { resource, accountId: resource.split(":")[4] || (principal.split(":")[4] ?? "") },
      contextVariables: { "aws:username": user, ...CALLERS[caller] },
    },
    identityPolicies: policies.map(({ name, policy }) => ({ name, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

async function decide(asked: Simulation): Promise<boolean> {
  const answer = await runSimulation(asked, {});
  if (answer.resultType === "error") {
    throw new Error(`The evaluator refuses the question: ${JSON.stringify(answer.errors)}`);
  }
  return answer.overallResult === "Allowed";
}
