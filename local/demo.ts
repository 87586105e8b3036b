import { mkdir } from "node:fs/promises";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListGroupsCommand,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import pc from "picocolors";
import { mfaAccess } from "../infra/stack";
import { startLocalAws } from "./aws/server";
import { cached, cacheFolder } from "./cache";
import { awsMfa } from "./demo/command";
import { leave } from "./demo/leave";
import { newKeys } from "./demo/member";
import { ACCOUNT, ROLE, USER } from "./demo/names";
import { proven, quote, say, step } from "./demo/narrator";
import { previewOthers, walkIntoBad } from "./demo/other-stacks";
import { administrator, type Scene, sceneOn, stackOn } from "./demo/scene";
import { signIn } from "./demo/sign-in";
import { stolenKeys } from "./demo/stolen-keys";
import type { LocalStack } from "./engine/stack";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

const BY_HAND = "legacy-deploy";
const TRUSTS_THE_ACCOUNT = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" },
  ],
};

async function demo(shutdown: Shutdown): Promise<void> {
  step("What this runs on");
  const { command } = await pulumiCli();
  const aws = await startLocalAws();
  shutdown.after(() => aws.stop());
  say(`Real: the Pulumi engine ${command.version}, the policy pack, the AWS CLI.`);
  say(
    `Stand-ins: a local AWS (${aws.endpoint}), which checks keys and codes, decides by a policy evaluator that we did not write, and has moto do the rest; and a small provider for Pulumi's aws provider.`,
  );
  await Promise.race([play(sceneOn(aws, shutdown)), aws.died]);
}

async function play(scene: Scene): Promise<void> {
  const stack = await deploy(scene);
  const keys = await newKeys(scene.iam, USER);
  await stolenKeys(scene, stack, keys);
  await previewOthers(scene);
  await walkIntoBad(scene);
  const member = await signIn(scene, stack, keys);
  await lookAround(scene);
  await leave(scene, stack, member);
  await takeDown(scene, stack);
}

async function deploy(scene: Scene): Promise<LocalStack> {
  step("pulumi up, with the policy pack on");
  const stack = await stackOn(scene, {
    program: async () => ({ ...(await mfaAccess()) }),
    config: { "aws-mfa-stack:users": [USER] },
  });
  const { changes } = await stack.up();
  const { users, groupArn, denyPolicyArn, roles } = await stack.outputs();
  say(
    [groupArn?.value, denyPolicyArn?.value, roles?.value[ROLE].arn, users?.value[USER].mfaSerial].join("\n"),
  );
  proven(`${changes.create} resources were created`, (changes.create ?? 0) > 0);
  const again = await stack.up();
  proven("a second pulumi up changes nothing", Object.keys(again.changes).join() === "same");
  say(`The profile for ${USER}'s ~/.aws/config:`);
  quote(users?.value[USER].profile);
  return stack;
}

async function lookAround(scene: Scene): Promise<void> {
  step("aws-mfa audit: what no stack describes");
  const { iam } = scene;
  say(`Somebody makes the role ${BY_HAND} by hand, which trusts the whole account:`);
  await iam.send(
    new CreateRoleCommand({
      RoleName: BY_HAND,
      AssumeRolePolicyDocument: JSON.stringify(TRUSTS_THE_ACCOUNT),
    }),
  );
  // It stays after the demo, to be looked at.
  await mkdir(cacheFolder(), { recursive: true });
  const page = cached("demo-audit.html");
  say("$ aws-mfa audit --html demo-audit.html");
  const printed = await awsMfa(["audit", "--html", page], { env: administrator(scene), exit: 1 });
  quote(printed);
  proven(`it found ${BY_HAND}, and who gets in`, new RegExp(`^bypassable .*${BY_HAND}`, "m").test(printed));
  say("It ends with 1, since there is something to fix.");
  proven(
    "nothing that the stack made is bypassable",
    !new RegExp(`^bypassable .*(${ROLE}|MFA$|${USER})`, "m").test(printed),
  );
  say(`The page, for a browser: ${page}`);
  await iam.send(new DeleteRoleCommand({ RoleName: BY_HAND }));
}

async function takeDown({ iam }: Scene, stack: LocalStack): Promise<void> {
  step("pulumi destroy");
  await iam.send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: "AWSRevokeOlderSessions" }));
  const { changes } = await stack.destroy();
  proven(`${changes.delete} resources were deleted`, (changes.delete ?? 0) > 0);
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  const { Groups = [] } = await iam.send(new ListGroupsCommand({}));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  proven("no user, group or role is left", Users.length + Groups.length + Roles.length === 0);
}

async function main(): Promise<void> {
  const started = Date.now();
  // The AWS SDK announces on every start which Node it will want next year: nothing that the demo shows.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const shutdown = new Shutdown();
  shutdown.onInterrupt(() => process.stderr.write(pc.yellow("\nInterrupted: stopping what was started.\n")));
  try {
    await demo(shutdown);
    await shutdown.close();
    console.log(pc.bold(pc.green(`\nEvery step passed, in ${Math.round((Date.now() - started) / 1000)} s.`)));
  } catch (error) {
    // An interrupt makes whatever was under way fail, and says so itself.
    if (!shutdown.signal.aborted) {
      process.stderr.write(pc.red(`\n${error instanceof Error ? error.message : String(error)}\n`));
      process.exitCode = 1;
    }
    await shutdown.close();
  }
}

void main();
