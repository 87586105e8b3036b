import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalStack } from "../engine/stack";
import { until } from "./host";
import { awsCli, type Keys, type Member, settleIn, twoCodes } from "./member";
import { ADMINISTRATOR } from "./names";
import { check, quote, say, step } from "./output";
import { type Demo, temporaryFolder } from "./setup";

const DENIED = /AccessDenied.*with an explicit deny in an identity-based policy/s;
const DONE = /^done$/;

/** What a thief can do with the access keys of a user who has no device. */
export async function stolenKeys(demo: Demo, stack: LocalStack, keys: Keys): Promise<void> {
  const { iam, host, names } = demo;
  const { user: UserName, thiefsDevice } = names;
  step(`${UserName}'s access keys are stolen before ${UserName} has a device`);
  const home = await temporaryFolder(demo);
  const thief = await settleIn(home, keys, host.endpoint, host.region);
  const run = async (args: readonly string[], expected: RegExp) => {
    say(`$ aws ${args.slice(0, 2).join(" ")} …`);
    const printed = await until(host, expected, () => runAs(thief, args));
    if (!DONE.test(printed)) quote(printed);
    return expected.test(printed);
  };
  const refused = async (args: readonly string[]) => check("AWS refuses it", await run(args, DENIED));
  say(`${UserName} has ${ADMINISTRATOR.split("/").pop()}, so only the guard protects the account.`);
  const everything = { UserName, PolicyArn: ADMINISTRATOR };
  await iam.attachUserPolicy(everything);
  const role = `arn:aws:iam::${host.account}:role/${names.role}`;
  await refused(["s3", "ls"]);
  await refused(["sts", "assume-role", "--role-arn", role, "--role-session-name", "thief"]);

  say("selfServiceDevices is true, so a user without a device may create and enable one:");
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
  check("so may the thief, who now has a device, and with it MFA", made && enabled);

  say("An administrator deletes that device and closes the gap:");
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
