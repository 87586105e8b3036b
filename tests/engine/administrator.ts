import type { IAM } from "@aws-sdk/client-iam";
import { LOCAL_ACCOUNT } from "../../local/aws/root";
import { newKeys } from "../../local/demo/member";

const EVERYTHING = {
  PolicyName: "all",
  PolicyDocument: JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "*", Resource: "*" },
  }),
};

/** Makes an administrator, and gives the environment in which their access keys are used. */
export async function administrator(
  iam: IAM,
  UserName: string,
  ...groups: string[]
): Promise<Record<string, string>> {
  await iam.createUser({ UserName });
  await iam.putUserPolicy({ UserName, ...EVERYTHING });
  for (const GroupName of groups) await iam.addUserToGroup({ UserName, GroupName });
  const { id, secret } = await newKeys(iam, UserName);
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
}

/** Makes a role through which an administrator makes others, for `assumeRoleArn`: root cannot assume it. */
export async function deployer(iam: IAM): Promise<string> {
  const RoleName = "deployer";
  const Statement = { Effect: "Allow", Principal: { AWS: LOCAL_ACCOUNT }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  await iam.putRolePolicy({ RoleName, ...EVERYTHING });
  return `arn:aws:iam::${LOCAL_ACCOUNT}:role/${RoleName}`;
}
