import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { preparedFolder } from "../../local/cache";
import { pythonEnvironment } from "../../local/moto/environment";
import { withProgress } from "../../local/progress";

/**
 * Something that people reach AWS with, asking it twice who they are: a program and its arguments, run in this repository. Which
 * credentials it takes, the environment says.
 */
export type Tool = () => Promise<readonly [program: string, ...args: string[]]>;

/** The AWS CLI: two runs, which share what it keeps of a role's session. */
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

/** The AWS SDK for JavaScript with its own chain of credentials, in one process. */
export const javascriptSdk: Tool = async () => [process.execPath, "--no-warnings", "-e", IN_JAVASCRIPT];

export const hasGo = spawnSync("go", ["version"]).status === 0;

/** The AWS SDK for Go v2, which Pulumi's and Terraform's providers are built on, in one process. Built once (10 s, 9 MB) and kept. */
export const goSdk: Tool = async () => {
  const sources = ["go.mod", "go.sum", "main.go"].map((file) => join(__dirname, "go-sdk", file));
  const digest = createHash("sha256");
  for (const source of sources) digest.update(await readFile(source));
  const name = `go-sdk-${process.platform}-${process.arch}-${digest.digest("hex").slice(0, 12)}`;
  const folder = await preparedFolder(name, (unfinished) =>
    withProgress("Building a small program with the AWS SDK for Go", () => build(sources, unfinished)),
  );
  return [join(folder, "asks-aws")];
};

async function build(sources: readonly string[], folder: string): Promise<void> {
  // A copy, so that Go never writes into the project.
  const module = await mkdtemp(join(tmpdir(), "aws-mfa-go-sdk-"));
  try {
    for (const source of sources) await copyFile(source, join(module, basename(source)));
    await execa(
      "go",
      ["build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-o", join(folder, "asks-aws")],
      { cwd: module, env: { GOWORK: "off" } },
    );
  } finally {
    await rm(module, { recursive: true, force: true });
  }
}
