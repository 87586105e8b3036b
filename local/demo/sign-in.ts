import type { OutputMap } from "@pulumi/pulumi/automation";
import type { LocalStack } from "../engine/stack";
import { showMfa } from "./command";
import { until } from "./host";
import { awsCli, type Keys, type Member, settleIn, twoCodes } from "./member";
import { PROFILE } from "./names";
import { check, quote, say, step } from "./output";
import { administrator, type Demo, makeBucket, STACK, temporaryFolder } from "./setup";

export interface Enrolled {
  /** The user's computer. */
  readonly member: Member;
  /** The seed of the user's device. */
  readonly seed: string;
  readonly serial: string;
}

/** Enables the device that the stack created, and writes the profile. */
export async function enroll(
  demo: Demo,
  stack: LocalStack,
  { users, devices }: OutputMap,
  keys: Keys,
): Promise<Enrolled> {
  const { host, names } = demo;
  const { user, role } = names;
  step(`${user} enables the device and uses the profile`);
  const seed: string = devices?.value[user].base32StringSeed;
  const serial: string = users?.value[user].mfaSerial;
  const fromStack = [user, "--stack", STACK];
  const project = ["--project", stack.folder];
  say("In a terminal, enroll shows a QR code to scan. Here, two codes are piped to it.");
  const env = administrator(demo);
  const codes = twoCodes(seed);
  await showMfa(["enroll", ...fromStack], { env, hidden: [...project, "--codes"], codes });
  const { MFADevices = [] } = await demo.iam.listMFADevices({ UserName: user });
  check("two codes from the seed enabled the device", MFADevices.length === 1);
  const member = await settleIn(await temporaryFolder(demo), keys, host.endpoint, host.region);
  await showMfa(["profile", ...fromStack], { env: { ...env, ...member.env }, hidden: project });
  const code = await host.code(seed);
  const verified = await showMfa(["verify"], { env: member.env, hidden: [PROFILE, "--code"], codes: [code] });
  check("every check passed", verified.includes(`assumed-role/${role}/`) && !/^[✗?]/m.test(verified));
  return { member, seed, serial };
}

/** Starts a session with the profile. */
export async function signIn(demo: Demo, { member, seed, serial }: Enrolled): Promise<void> {
  const { host, names } = demo;
  const { role, bucket } = names;
  await makeBucket(demo);
  const list = async (code: string) => {
    say(`$ AWS_PROFILE=${PROFILE} aws s3 ls`);
    const { printed } = await awsCli(["s3", "ls"], member, { profile: PROFILE, code });
    quote(printed.replace(/(mfa\/\S+: ?)\n*/, "$1******\n"));
    return printed;
  };
  const wrong = await list("000000");
  check("the AWS CLI asks for a code", wrong.includes(`Enter MFA code for ${serial}`));
  check("AWS refuses a wrong code", wrong.includes("invalid MFA one time pass code"));
  let code = "";
  const listed = await until(host, new RegExp(bucket), async () => {
    code = await host.code(seed);
    return list(code);
  });
  check("with the right code, it lists the bucket", listed.includes(bucket));
  say("An onlooker enters the same code again:");
  const again = ["--role-session-name", "again", "--serial-number", serial, "--token-code"];
  say(`$ aws sts assume-role … --token-code ******`);
  const { printed } = await awsCli(
    ["sts", "assume-role", "--role-arn", `arn:aws:iam::${host.account}:role/${role}`, ...again, code],
    member,
  );
  quote(printed);
  check("AWS accepts each code once", printed.includes("invalid MFA one time pass code"));
  if (host.patienceMs === 0)
    say("To avoid a wait of 30 s for each code, the demo sets the devices' clock ahead.");
}
