import type { OutputMap } from "@pulumi/pulumi/automation";
import type { LocalStack } from "../engine/stack";
import { awsMfa } from "./command";
import { until } from "./host";
import { awsCli, type Keys, type Member, settleIn, twoCodes } from "./member";
import { PROFILE } from "./names";
import { proven, quote, say, step } from "./narrator";
import { administrator, makeBucket, type Scene, STACK, temporaryFolder } from "./scene";

export interface Enrolled {
  /** The user's computer. */
  readonly member: Member;
  /** Of the user's device. */
  readonly seed: string;
  readonly serial: string;
}

/** From a device that the stack has made to a profile that works. */
export async function enroll(
  scene: Scene,
  stack: LocalStack,
  { users, devices }: OutputMap,
  keys: Keys,
): Promise<Enrolled> {
  const { host, names } = scene;
  const { user, role } = names;
  step(`${user} turns the device on, and uses the profile`);
  const seed: string = devices?.value[user].base32StringSeed;
  const serial: string = users?.value[user].mfaSerial;
  const fromStack = [user, "--stack", STACK];
  const project = ["--project", stack.folder];
  say("At a terminal enroll shows a QR code to scan. Here two codes are piped in.");
  say(`$ aws-mfa enroll ${fromStack.join(" ")}`);
  quote(
    await awsMfa(["enroll", ...fromStack, ...project, "--codes"], {
      env: administrator(scene),
      codes: twoCodes(seed),
    }),
  );
  const { MFADevices = [] } = await scene.iam.listMFADevices({ UserName: user });
  proven("two codes made from the seed turned the device on", MFADevices.length === 1);
  const member = await settleIn(await temporaryFolder(scene), keys, host.endpoint, host.region);
  say(`$ aws-mfa profile ${fromStack.join(" ")}`);
  quote(
    await awsMfa(["profile", ...fromStack, ...project], { env: { ...administrator(scene), ...member.env } }),
  );
  say("$ aws-mfa verify");
  const verified = await awsMfa(["verify", PROFILE, "--code"], {
    env: member.env,
    codes: [await host.code(seed)],
  });
  quote(verified);
  proven(
    "every step of the way is right",
    verified.includes(`assumed-role/${role}/`) && !/^[✗?]/m.test(verified),
  );
  return { member, seed, serial };
}

/** From that profile to a session. */
export async function signIn(scene: Scene, { member, seed, serial }: Enrolled): Promise<void> {
  const { host, names } = scene;
  const { role, bucket } = names;
  await makeBucket(scene);
  const list = async (code: string) => {
    say(`$ AWS_PROFILE=${PROFILE} aws s3 ls`);
    const { printed } = await awsCli(["s3", "ls"], member, { profile: PROFILE, code });
    quote(printed.replace(/(mfa\/\S+: ?)\n*/, "$1******\n"));
    return printed;
  };
  const wrong = await list("000000");
  proven("the AWS CLI asks for a code", wrong.includes(`Enter MFA code for ${serial}`));
  proven("AWS refuses a wrong one", wrong.includes("invalid MFA one time pass code"));
  let code = "";
  const listed = await until(host, new RegExp(bucket), async () => {
    code = await host.code(seed);
    return list(code);
  });
  proven("with the right code, it lists the bucket", listed.includes(bucket));
  say("Somebody has looked over the shoulder, and gives the same code again:");
  const again = ["--role-session-name", "again", "--serial-number", serial, "--token-code"];
  say(`$ aws sts assume-role … --token-code ******`);
  const { printed } = await awsCli(
    ["sts", "assume-role", "--role-arn", `arn:aws:iam::${host.account}:role/${role}`, ...again, code],
    member,
  );
  quote(printed);
  proven("AWS takes each code once", printed.includes("invalid MFA one time pass code"));
  if (host.patienceMs === 0)
    say("So that no code costs a wait of 30 s, the devices' clock is set ahead by hand.");
}
