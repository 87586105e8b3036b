import { mkdir } from "node:fs/promises";
import {
  AttachUserPolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachUserPolicyCommand,
  ListGroupsCommand,
  ListMFADevicesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import pc from "picocolors";
import { releaseAccess } from "../examples/bad/release-access";
import { backupAccess } from "../examples/good/backup-access";
import { mfaAccess } from "../infra/stack";
import { cached, cacheFolder } from "./cache";
import { awsMfa } from "./demo/command";
import { awsCli, codeOf, newKeys, settleIn, twoCodes } from "./demo/member";
import { proven, quote, say, step } from "./demo/narrator";
import { administrator, type Scene, STACK, sceneOn, stackOn, temporaryFolder } from "./demo/scene";
import { EngineFailure } from "./engine/failure";
import type { LocalStack } from "./engine/stack";
import { CALLERS, type Caller, mayAssume, mayDo } from "./evaluator/ask";
import { startMoto } from "./moto/server";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

const USER = "alice";
const PROFILE = "mfabasedaccess";
const ROLE = "MFABasedAccess";
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const BUCKET = "quarterly-reports";
const BY_HAND = "legacy-deploy";
const TRUSTS_THE_ACCOUNT = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" },
  ],
};

async function demo(shutdown: Shutdown): Promise<void> {
  step("What this runs on");
  const { command } = await pulumiCli();
  const moto = await startMoto();
  shutdown.after(() => moto.stop());
  say(
    `Real: the Pulumi engine ${command.version}, the policy pack, the AWS CLI, an independent policy evaluator.`,
  );
  say(`Stand-ins: moto for AWS (${moto.endpoint}), and a small provider for Pulumi's aws provider.`);
  say("moto checks neither codes nor policies, so what the policies mean is asked of the evaluator.");
  await Promise.race([play(sceneOn(moto, shutdown)), moto.died]);
}

async function play(scene: Scene): Promise<void> {
  const stack = await deploy(scene);
  await judge(scene);
  await preview(scene);
  await signIn(scene, stack);
  await lookAround(scene);
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

async function judge({ iam }: Scene): Promise<void> {
  step("What the policies mean, read back through the AWS API");
  for (const caller of Object.keys(CALLERS) as Caller[]) {
    const withCode = caller === "an MFA code";
    const may = withCode ? "may" : "may not";
    proven(
      `${USER} with ${caller} ${may} assume ${ROLE}`,
      (await mayAssume(iam, USER, caller, ROLE)) === withCode,
    );
  }
  const own = `arn:aws:iam::123456789012:user/${USER}`;
  proven(
    `${USER} with access keys may list their own devices, to get started`,
    await mayDo(iam, USER, "access keys", "iam:ListMFADevices", own),
  );
  say(`and with ${ADMINISTRATOR.split("/").pop()} attached to ${USER} by somebody else:`);
  await iam.send(new AttachUserPolicyCommand({ UserName: USER, PolicyArn: ADMINISTRATOR }));
  for (const caller of Object.keys(CALLERS) as Caller[]) {
    const withCode = caller === "an MFA code";
    proven(
      `${USER} with ${caller} may${withCode ? "" : " still not"} delete a bucket`,
      (await mayDo(iam, USER, caller, "s3:DeleteBucket", `arn:aws:s3:::${BUCKET}`)) === withCode,
    );
  }
  await iam.send(new DetachUserPolicyCommand({ UserName: USER, PolicyArn: ADMINISTRATOR }));
}

async function preview(scene: Scene): Promise<void> {
  step("pulumi preview of two other stacks, with the policy pack on");
  say("examples/bad:");
  const bad = await stackOn(scene, { program: releaseAccess, project: "release-access" });
  const outcome = await bad.preview().catch((error: unknown) => error);
  if (outcome instanceof EngineFailure) quote(policiesPart(outcome.printed));
  proven(
    "it is rejected",
    outcome instanceof EngineFailure && outcome.printed.includes("iam-role-requires-mfa"),
  );
  say("examples/good:");
  const good = await stackOn(scene, { program: backupAccess, project: "backup-access" });
  const { printed } = await good.preview();
  quote(policiesPart(printed));
  proven("it is accepted", printed.includes("✅ aws-mfa@"));
}

/** The part of the CLI's output that is the pack's: from `Policies:` up to the next heading. */
function policiesPart(printed: string): string {
  const lines = printed.split("\n");
  const start = lines.findIndex((line) => line.startsWith("Policies:"));
  const end = lines.findIndex((line, index) => index > start && /^\S.*:$/.test(line));
  return lines.slice(Math.max(start, 0), end === -1 ? undefined : end).join("\n");
}

async function signIn(scene: Scene, stack: LocalStack): Promise<void> {
  step(`${USER} turns the device on, and uses the profile`);
  const { users, devices } = await stack.outputs();
  const seed: string = devices?.value[USER].base32StringSeed;
  const fromStack = [USER, "--stack", STACK];
  const project = ["--project", stack.folder];
  say(
    `$ aws-mfa enroll ${fromStack.join(" ")}     # at a terminal: with a QR code to scan; here two codes are piped in`,
  );
  quote(
    await awsMfa(["enroll", ...fromStack, ...project, "--codes"], {
      env: administrator(scene),
      codes: twoCodes(seed),
    }),
  );
  const { MFADevices = [] } = await scene.iam.send(new ListMFADevicesCommand({ UserName: USER }));
  proven("two codes made from the seed turned the device on", MFADevices.length === 1);
  const keys = await newKeys(scene.iam, USER);
  const member = await settleIn(await temporaryFolder(scene), keys, scene.moto.endpoint);
  say(`$ aws-mfa profile ${fromStack.join(" ")}`);
  quote(
    await awsMfa(["profile", ...fromStack, ...project], { env: { ...administrator(scene), ...member.env } }),
  );
  say("$ aws-mfa verify");
  const verified = await awsMfa(["verify", PROFILE, "--code"], { env: member.env, codes: [codeOf(seed)] });
  quote(verified);
  proven(
    "every step of the way is right",
    verified.includes(`assumed-role/${ROLE}/`) && !/^[✗?]/m.test(verified),
  );
  await scene.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  say(`$ AWS_PROFILE=${PROFILE} aws s3 ls`);
  const printed = await awsCli(["s3", "ls"], member, { profile: PROFILE, code: codeOf(seed) });
  // Without a terminal, Python says that it cannot hide what is typed: nobody types here.
  quote(printed.replace(/^Warning: .*\n/, "").replace(/(mfa\/\S+: ?)/, "$1******\n"));
  proven(
    "the AWS CLI asked for a code",
    printed.includes(`Enter MFA code for ${users?.value[USER].mfaSerial}`),
  );
  proven("with the code, it listed the bucket", printed.includes(BUCKET));
  await scene.s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
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
  say("$ aws-mfa audit --html demo-audit.html     # ends with 1, since there is something to mend");
  const printed = await awsMfa(["audit", "--html", page], { env: administrator(scene), exit: 1 });
  quote(printed);
  proven(`it found ${BY_HAND}, and who gets in`, new RegExp(`^open .*${BY_HAND}`, "m").test(printed));
  proven(
    "nothing that the stack made is open",
    !new RegExp(`^open .*(${ROLE}|MFA$|${USER})`, "m").test(printed),
  );
  say(`The page, for a browser: ${page}`);
  await iam.send(new DeleteRoleCommand({ RoleName: BY_HAND }));
}

async function takeDown({ iam }: Scene, stack: LocalStack): Promise<void> {
  step("pulumi destroy, with the device turned on");
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
    console.log(
      pc.bold(pc.green(`\nAll of it came out, in ${Math.round((Date.now() - started) / 1000)} s.`)),
    );
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
