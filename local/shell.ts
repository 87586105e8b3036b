import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { mfaAccess } from "../stack/stack";
import { startLocalAws } from "./aws/server";
import { COMMAND } from "./demo/command";
import { localHost } from "./demo/host";
import { newKeys, settleIn } from "./demo/member";
import { PROFILE } from "./demo/names";
import { quote, say, step } from "./demo/output";
import { administrator, type Demo, demoOn, makeBucket, STACK, stackOn, temporaryFolder } from "./demo/setup";
import { pythonEnvironment } from "./moto/environment";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

// `npm run local`: deploys the stack on a local AWS and opens alice's shell, to try it with an authenticator app.
// Arguments are passed to `aws-mfa enroll`: `npm run local -- --show-seed`.

async function main(shutdown: Shutdown): Promise<void> {
  step("Start the local AWS and deploy the stack");
  const aws = await startLocalAws();
  shutdown.after(() => aws.stop());
  const demo = demoOn(localHost(aws), shutdown);
  const { user } = demo.names;
  const program = async () => ({ ...(await mfaAccess()) });
  const stack = await stackOn(demo, { program, config: { "aws-mfa-stack:users": [user] } });
  await stack.up();
  await makeBucket(demo);

  const home = await temporaryFolder(demo);
  const member = await settleIn(home, await newKeys(demo.iam, user), aws.endpoint);
  const env = { ...member.env, PATH: await pathOf(demo), TERM: process.env.TERM ?? "" };
  const fromStack = [user, "--stack", STACK, "--project", stack.folder];
  const asAdministrator = { ...env, ...administrator(demo) };
  const run = (command: string, commandEnv: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    execa(command, args, { stdio: "inherit", reject: false, extendEnv: false, env: { ...commandEnv } });

  step(`Enable ${user}'s device: scan the QR code with an authenticator app`);
  // After Ctrl-C at a prompt there is no device to try.
  for (const words of [
    ["enroll", ...fromStack, ...process.argv.slice(2)],
    ["profile", ...fromStack],
  ]) {
    const { exitCode } = await run(process.execPath, asAdministrator, COMMAND, ...words);
    if (exitCode === 0) continue;
    process.exitCode = exitCode ?? 1;
    return;
  }

  step(`You are now ${user}. Try this, and quit with exit`);
  quote(`aws s3 ls                              # refused without a code
AWS_PROFILE=${PROFILE} aws s3 ls     # asks for a code
aws-mfa verify`);
  say("The local AWS is a stand-in (docs/local-aws.md). It stops with this shell and keeps nothing.");
  await run(process.env.SHELL ?? "/bin/sh", env);
}

/** The PATH with the real AWS CLI and this repository's command first. */
async function pathOf(demo: Demo): Promise<string> {
  const folder = join(await temporaryFolder(demo), "bin");
  await mkdir(folder);
  const commands = {
    aws: `"${await pythonEnvironment()}" -m awscli`,
    "aws-mfa": `"${process.execPath}" "${COMMAND}"`,
  };
  for (const [name, command] of Object.entries(commands)) {
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  return [folder, (await pulumiCli()).path].join(delimiter);
}

// The AWS SDK warns about future Node requirements.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const shutdown = new Shutdown();
shutdown.onInterrupt(() => {});
main(shutdown)
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => shutdown.close());
