import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { mfaAccess } from "../stack/stack";
import { startLocalAws } from "./aws/server";
import { COMMAND } from "./demo/command";
import { localHost } from "./demo/host";
import { newKeys, settleIn } from "./demo/member";
import { PROFILE } from "./demo/names";
import { quote, say, step } from "./demo/narrator";
import {
  administrator,
  makeBucket,
  type Scene,
  STACK,
  sceneOn,
  stackOn,
  temporaryFolder,
} from "./demo/scene";
import { pythonEnvironment } from "./moto/environment";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

// `npm run local`: the stack on a local AWS, and a shell that is alice's, to try all of it by hand with an authenticator app.
// What is given after `--` goes to `aws-mfa enroll`: `npm run local -- --show-seed`.

async function main(shutdown: Shutdown): Promise<void> {
  step("Start the local AWS, and deploy the stack on it");
  const aws = await startLocalAws();
  shutdown.after(() => aws.stop());
  const scene = sceneOn(localHost(aws), shutdown);
  const { user } = scene.names;
  const program = async () => ({ ...(await mfaAccess()) });
  const stack = await stackOn(scene, { program, config: { "aws-mfa-stack:users": [user] } });
  await stack.up();
  await makeBucket(scene);

  const home = await temporaryFolder(scene);
  const member = await settleIn(home, await newKeys(scene.iam, user), aws.endpoint);
  const env = { ...member.env, PATH: await pathOf(scene), TERM: process.env.TERM ?? "" };
  const fromStack = [user, "--stack", STACK, "--project", stack.folder];
  const asAdministrator = { ...env, ...administrator(scene) };
  const run = (command: string, commandEnv: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    execa(command, args, { stdio: "inherit", reject: false, extendEnv: false, env: { ...commandEnv } });

  step(`Turn on ${user}'s device: scan the code with an authenticator app`);
  // Ctrl-C at a prompt ends that command, and without a device there is nothing to try.
  for (const words of [
    ["enroll", ...fromStack, ...process.argv.slice(2)],
    ["profile", ...fromStack],
  ]) {
    const { exitCode } = await run(process.execPath, asAdministrator, COMMAND, ...words);
    if (exitCode === 0) continue;
    process.exitCode = exitCode ?? 1;
    return;
  }

  step(`You are ${user} now. Try this, and leave with exit`);
  quote(`aws s3 ls                              # refused: no code
AWS_PROFILE=${PROFILE} aws s3 ls     # asks for a code
aws-mfa verify`);
  say(`The local AWS is a stand-in (docs/local-aws.md). It ends with this shell, and keeps nothing.`);
  await run(process.env.SHELL ?? "/bin/sh", env);
}

/** The real AWS CLI and this repository's command come first. */
async function pathOf(scene: Scene): Promise<string> {
  const folder = join(await temporaryFolder(scene), "bin");
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

// The AWS SDK announces on every start which Node it will want next year: nothing that belongs here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const shutdown = new Shutdown();
shutdown.onInterrupt(() => {});
main(shutdown)
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => shutdown.close());
