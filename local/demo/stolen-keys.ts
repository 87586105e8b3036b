import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AttachUserPolicyCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
} from "@aws-sdk/client-iam";
import type { LocalStack } from "../engine/stack";
import { awsCli, type Keys, type Member, settleIn, twoCodes } from "./member";
import { ACCOUNT, ADMINISTRATOR, ROLE, USER } from "./names";
import { proven, quote, say, step } from "./narrator";
import { type Scene, temporaryFolder } from "./scene";

const DENIED = /AccessDenied.*with an explicit deny in an identity-based policy/s;
const THIEFS = `arn:aws:iam::${ACCOUNT}:mfa/thiefs-phone`;

/** What somebody can do who finds the access keys of a user, before that user has turned a device on. */
export async function stolenKeys(scene: Scene, stack: LocalStack, keys: Keys): Promise<void> {
  step(`${USER}'s access keys are stolen, before ${USER} has a device`);
  const { iam, aws } = scene;
  const home = await temporaryFolder(scene);
  const thief = await settleIn(home, keys, aws.endpoint);
  say(
    `Somebody has attached ${ADMINISTRATOR.split("/").pop()} to ${USER}, so nothing but the guard is left.`,
  );
  const everything = { UserName: USER, PolicyArn: ADMINISTRATOR };
  await iam.send(new AttachUserPolicyCommand(everything));
  const assume = ["--role-arn", `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, "--role-session-name", "thief"];
  await refused(thief, ["s3", "ls"]);
  await refused(thief, ["sts", "assume-role", ...assume]);

  say("selfServiceDevices is true, so who has no device may make and enable one:");
  const seedFile = join(home, "seed");
  const made = await run(thief, ["iam", "create-virtual-mfa-device", ...deviceOf(seedFile)]);
  const [first, second] = twoCodes((await readFile(seedFile, "utf8")).trim());
  const codes = ["--authentication-code1", first, "--authentication-code2", second];
  const enabled = await run(thief, [
    "iam",
    "enable-mfa-device",
    "--user-name",
    USER,
    "--serial-number",
    THIEFS,
    ...codes,
  ]);
  proven("so may the thief: the device is theirs now, and so is MFA", made === "done" && enabled === "done");

  say("An administrator takes that device away, and closes the way in:");
  await iam.send(new DeactivateMFADeviceCommand({ UserName: USER, SerialNumber: THIEFS }));
  await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: THIEFS }));
  say("$ pulumi config set selfServiceDevices false && pulumi up");
  await stack.configure({ "aws-mfa-stack:selfServiceDevices": false });
  await stack.up();
  await refused(thief, ["iam", "create-virtual-mfa-device", ...deviceOf(seedFile)]);
  await iam.send(new DetachUserPolicyCommand(everything));
}

const deviceOf = (file: string) => [
  ...["--virtual-mfa-device-name", "thiefs-phone"],
  ...["--bootstrap-method", "Base32StringSeed", "--outfile", file],
];

async function run(thief: Member, args: readonly string[]): Promise<string> {
  say(`$ aws ${args.slice(0, 2).join(" ")} …`);
  const { printed, exitCode } = await awsCli(args, thief);
  if (exitCode !== 0) quote(printed);
  return exitCode === 0 ? "done" : printed;
}

async function refused(thief: Member, args: readonly string[]): Promise<void> {
  proven("AWS says no", DENIED.test(await run(thief, args)));
}
