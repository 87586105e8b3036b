import type { IAM } from "@aws-sdk/client-iam";
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { parseDocument, policiesOf } from "./documents";

/**
 * The MFA condition keys of a request (AWS IAM user guide, "AWS global condition context keys"): access keys carry none, a session
 * without a code carries `false`, and a session with a code carries `true` and its age.
 */
export const CALLERS = {
  "access keys": {},
  "a session without a code": { "aws:MultiFactorAuthPresent": "false" },
  "an MFA code": { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "10" },
} as const;

export type Caller = keyof typeof CALLERS;

/** Whether the policies of the user and the user's groups in AWS allow `action` on `resource`. */
export async function mayDo(
  iam: IAM,
  user: string,
  caller: Caller,
  action: string,
  resource: string,
): Promise<boolean> {
  return decide(await simulation(iam, user, caller, action, resource));
}

/** Whether the user's policies and the role's trust policy let the user assume the role. */
export async function mayAssume(iam: IAM, user: string, caller: Caller, role: string): Promise<boolean> {
  const { Role } = await iam.getRole({ RoleName: role });
  const asked = await simulation(iam, user, caller, "sts:AssumeRole", Role?.Arn ?? "");
  return decide({ ...asked, resourcePolicy: parseDocument(Role?.AssumeRolePolicyDocument) });
}

async function simulation(
  iam: IAM,
  user: string,
  caller: Caller,
  action: string,
  resource: string,
): Promise<Simulation> {
  const { User: { Arn: principal = "" } = {} } = await iam.getUser({ UserName: user });
  return {
    request: {
      principal,
      action,
      resource: { resource, accountId: resource.split(":")[4] || (principal.split(":")[4] ?? "") },
      contextVariables: { "aws:username": user, ...CALLERS[caller] },
    },
    identityPolicies: await policiesOf(iam, user),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

async function decide(asked: Simulation): Promise<boolean> {
  const result = await runSimulation(asked, {});
  if (result.resultType === "error") {
    throw new Error(`The evaluator rejects the request: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === "Allowed";
}
