import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalStack } from "../engine/stack";
import { until } from "./host";
import { awsCli, type Keys, type Member, settleIn, twoCodes } from "./member";
import { ADMINISTRATOR } from "./names";
import { proven, quote, say, step } from "./narrator";
import { type Scene, temporaryFolder } from "./scene";

const DENIED = /AccessDenied.*with an explicit deny in an identity-based policy/s;
const DONE = /^done$/;

/** What somebody can do who finds the access keys of a user, before that user has turned a device on. */
export async function stolenKeys(scene: Scene, stack: LocalStack, keys: Keys): Promise<void> {
  const { iam, host, names } = scene;
  const { user: UserName, thiefsDevice } = names;
  step(`${UserName}'s access keys are stolen, before ${UserName} has a device`);
  const home = await temporaryFolder(scene);
  const thief = await settleIn(home, keys, host.endpoint, host.region);
  const run = async (args: readonly string[], expected: RegExp) => {
    say(`$ aws ${args.slice(0, 2).join(" ")} …`);
    const said = await until(host, expected, () => runAs(thief, args));
    if (!DONE.test(said)) quote(said);
    return expected.test(said);
  };
  const refused = async (args: readonly string[]) => proven("AWS says no", await run(args, DENIED));
  say(
    `Somebody has attached ${ADMINISTRATOR.split("/").pop()} to ${UserName}, so nothing but the guard is left.`,
  );
  const everything = { UserName, PolicyArn: ADMINISTRATOR };
  await iam.attachUserPolicy(everything);
  const role = `arn:aws:iam::${host.account}:role/${names.role}`;
  await refused(["s3", "ls"]);
  await refused(["sts", "assume-role", "--role-arn", role, "--role-session-name", "thief"]);

  say("selfServiceDevices is true, so who has no device may make and enable one:");
  const seedFile = join(home, "seed");
  const make = [
    ...["iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", thiefsDevice],
    ...["--bootstrap-method", "Base32StringSeed", "--outfile", seedFile],
  ];
  const made = await run(make, DONE);
  const SerialNumber = `arn:aws:iam::${host.account}:mfa/${thiefsDevice}`;
  const [first, second] = twoCodes((await readFile(seedFile, "utf8")).trim());
  const enabled = await run(
    [
      ...["iam", "enable-mfa-device", "--user-name", UserName, "--serial-number", SerialNumber],
      ...["--authentication-code1", first, "--authentication-code2", second],
    ],
    DONE,
  );
  proven("so may the thief: the device is theirs now, and so is MFA", made && enabled);

  say("An administrator takes that device away, and closes the way in:");
  await iam.deactivateMFADevice({ UserName, SerialNumber });
  await iam.deleteVirtualMFADevice({ SerialNumber });
  say("$ pulumi config set selfServiceDevices false && pulumi up");
  await stack.configure({ "aws-mfa-stack:selfServiceDevices": false });
  await stack.up();
  await refused(make);
  await iam.detachUserPolicy(everything);
}

async function runAs(thief: Member, args: readonly string[]): Promise<string> {
  const { printed, exitCode } = await awsCli(args, thief);
  return exitCode === 0 ? "done" : printed;
}
