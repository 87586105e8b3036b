import { join } from "node:path";
import { goProgram } from "../../local/go";
import { pythonEnvironment } from "../../local/moto/environment";

/**
 * A program and its arguments, run in this repository, that calls GetCallerIdentity twice with the credentials of its environment.
 */
export type Tool = () => Promise<readonly [program: string, ...args: string[]]>;

/** The AWS CLI: two runs, which share its cache of role sessions. */
export const awsCli: Tool = async () => {
  const once = '"$0" -m awscli sts get-caller-identity --query Arn --output text';
  return ["/bin/sh", "-c", `${once} && ${once}`, await pythonEnvironment()];
};

const IN_JAVASCRIPT = `
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");
async function ask() {
  const sts = new STSClient({});
  for (const _ of [1, 2]) console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
}
ask().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});`;

/** The AWS SDK for JavaScript with its default credential chain, in one process. */
export const javascriptSdk: Tool = async () => [process.execPath, "--no-warnings", "-e", IN_JAVASCRIPT];

/** The AWS SDK for Go v2, which the AWS providers of Pulumi and Terraform use, in one process. Built once (10 s, 9 MB) and cached. */
export const goSdk: Tool = async () => {
  const name = "asks-aws";
  return [join(await goProgram(join(__dirname, "go-sdk"), [name]), name)];
};
