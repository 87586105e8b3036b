import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { type CodePrompt, withCode } from "../aws/code-prompt";
import { type Aws, connect, type Who } from "../aws/connect";
import { codeCommandOf } from "../aws/credentials";
import { enabledDevices, givesCodes, INSTEAD_OF_SECURITY_KEY, virtualDevices } from "../aws/device";
import { explain } from "../aws/explain";
import { assertAccount, callerIdentity } from "../aws/identity";
import { sessionCredentials } from "../aws/session-credentials";
import { Failure } from "../failure";
import { localTime } from "../terminal/time";
import { type Chain, readChain } from "./chain";
import { type Check, DeadEnd, failed, ok, type Step, unknown } from "./check";
import { checkRefusal } from "./refusal";

/** Who somebody is with the profile, and until when. */
export interface VerifiedSession {
  readonly arn: string;
  readonly expires: Date;
}

/** AWS refuses a request whose time is off by five minutes; a little less is close enough to say so. */
const CLOCK_SECONDS = 240;

/**
 * Checks every step that the AWS CLI takes with the profile, one after the other, and reports each.
 *
 * @param asking for the code of the device, when all before it is right
 * @returns where it ended; `undefined` where a step failed that ends the way
 */
export async function verifyProfile(
  profile: string,
  tell: (check: Check) => void,
  asking: Asking,
): Promise<VerifiedSession | undefined> {
  try {
    const chain = await step("profile", () => readChain(profile));
    tell(ok("profile", describe(chain)));
    assertProfileCounts(profile);
    using aws = await step("keys", () => connect(caller(chain)));
    return await fromSource(chain, aws, tell, asking);
  } catch (error) {
    if (!(error instanceof DeadEnd)) throw error;
    tell(error.check);
    return undefined;
  }
}

function describe({ profile, roleArn, source, origin, hasRegion }: Chain): string {
  const session = origin.kind === "session" ? `, the session of ${origin.profile}` : "";
  const region = hasRegion ? "" : ` It has no region: aws configure set region REGION --profile ${profile}`;
  return `${profile} assumes ${roleArn} from ${source}${session}.${region}`;
}

/** Whoever is asked for a code: the access keys behind the profile, or what its source gives. */
function caller({ source, region, origin }: Chain): Who & { readonly profile: string } {
  if (origin.kind === "session") return { profile: origin.profile, region };
  return { profile: source, region, ...(origin.kind === "keys" && { credentials: origin.keys }) };
}

const KEYS_OF_THAT =
  "Put the access keys of the expected account into that profile: aws configure --profile NAME";

/** Asks for the code of the device. `command`: what the profile, or the one with its access keys, says that prints it. */
type Asking = (command: string | undefined) => CodePrompt;

async function promptFor(chain: Chain, asking: Asking): Promise<CodePrompt> {
  return asking((await codeCommandOf(chain.profile)) ?? (await codeCommandOf(caller(chain).profile)));
}

async function fromSource(
  chain: Chain,
  aws: Aws,
  tell: (check: Check) => void,
  asking: Asking,
): Promise<VerifiedSession> {
  const { profile } = caller(chain);
  const serial = chain.mfaSerial ?? (chain.origin.kind === "session" ? chain.origin.mfaSerial : undefined);
  const { user } = await step("keys", async () => {
    const identity = await callerIdentity(aws);
    if (identity.user === undefined && serial !== undefined) {
      throw new DeadEnd(
        failed(
          "keys",
          `${profile} is ${identity.arn}, which is not an IAM user and so has no MFA device.`,
          "Put your own access keys into that profile: aws configure --profile NAME",
          "credentials",
        ),
      );
    }
    // A device is of its user's account. A hardware one has a number, which says nothing of that.
    if (serial?.startsWith("arn:")) assertAccount(identity, serial, KEYS_OF_THAT);
    tell(ok("keys", `${profile} is ${identity.arn}.`));
    return identity;
  });
  tell(clockCheck(aws));
  if (serial !== undefined && user !== undefined) {
    tell(await step("device", () => checkDevice(aws, user, serial)));
  } else {
    tell(
      unknown(
        "device",
        `${chain.source} hands out a session; it was started with a code, or is not protected.`,
      ),
    );
  }
  tell(await step("role", () => checkRefusal(aws, chain)));
  const session = await step("session", async () => assumed(chain, aws, await promptFor(chain, asking)));
  tell(ok("session", `You are ${session.arn} until ${localTime(session.expires)}.`));
  return session;
}

/**
 * Keys in the environment come first for the AWS CLI, unless the profile is named on its command line.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html#cli-chap-authentication-precedence
 */
function assertProfileCounts(profile: string): void {
  if (!process.env.AWS_ACCESS_KEY_ID) return;
  throw new DeadEnd(
    failed(
      "keys",
      `AWS_ACCESS_KEY_ID is set. With AWS_PROFILE=${profile} the AWS CLI takes that key, and neither the role nor a code.`,
      `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, then run this again. (aws --profile ${profile} takes the profile all the same.)`,
      "credentials",
    ),
  );
}

function clockCheck({ clock }: Aws): Check {
  const ahead = clock.aheadSeconds();
  if (Math.abs(ahead) < CLOCK_SECONDS) return ok("clock", "This computer's clock and AWS's agree.");
  return failed(
    "clock",
    `This computer's clock is ${Math.abs(ahead)} seconds ${ahead > 0 ? "behind" : "ahead of"} AWS's.`,
    "Set it by the network's time: AWS refuses requests that are off by five minutes.",
    "credentials",
  );
}

async function checkDevice(aws: Aws, user: string, serial: string): Promise<Check> {
  const devices = (await enabledDevices(aws, user)) ?? [];
  if (devices.some((device) => device.serial === serial))
    return ok("device", `${serial} is enabled for ${user}.`);
  const others = devices.filter(givesCodes).map((device) => device.serial);
  const [, further] = serial.split(`:mfa/${user}/`);
  const enroll = `aws-mfa enroll --self${further ? ` --device ${further}` : ""}`;
  const remedy = (otherwise: string) => {
    if (others.length > 0) return `Set mfa_serial to ${others.join(" or ")}, which is enabled.`;
    return devices.length > 0 ? INSTEAD_OF_SECURITY_KEY : otherwise;
  };
  const known = (await virtualDevices(aws).catch(() => [])).find((device) => device.serial === serial);
  if (known && known.user === undefined) {
    throw new DeadEnd(
      failed("device", `${serial} is there, but not enabled.`, remedy(`Enable it: ${enroll}`), "refused"),
    );
  }
  if (known?.user !== undefined && known.user !== user) {
    throw new DeadEnd(
      failed(
        "device",
        `${serial} belongs to ${known.user}, not to ${user}.`,
        `Use ${user}'s own: aws-mfa profile`,
        "refused",
      ),
    );
  }
  throw new DeadEnd(
    failed("device", `${user} has no device ${serial}.`, remedy(`Enable one: ${enroll}`), "refused"),
  );
}

/** With a session of `aws-mfa session` AWS is asked as the AWS CLI asks: with what the source profile hands out. */
async function assumed(chain: Chain, aws: Aws, asking: CodePrompt) {
  if (chain.origin.kind !== "session") return assume(chain, aws, asking);
  using session = await connect({ profile: chain.source, region: chain.region });
  return await assume(chain, session, asking);
}

async function assume(chain: Chain, { sts }: Aws, asking: CodePrompt) {
  const { mfaSerial, roleArn, durationSeconds, region } = chain;
  const call = (mfa?: { SerialNumber: string; TokenCode: string }) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: "aws-mfa-verify",
        ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
        ...mfa,
      }),
    );
  const { Credentials: given } =
    mfaSerial === undefined
      ? await call()
      : await withCode(mfaSerial, asking, (TokenCode) => call({ SerialNumber: mfaSerial, TokenCode }));
  const credentials = sessionCredentials(given);
  using role = await connect({ region, profile: chain.source, credentials });
  return { arn: (await callerIdentity(role)).arn, expires: credentials.expiration };
}

/** What goes wrong in a step is what the step came to. What a person interrupts is not. */
async function step<T>(name: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DeadEnd) throw error;
    if (error instanceof Failure) {
      if (error.exit === "interrupted" || error.exit === "terminal" || error.exit === "usage") throw error;
      throw new DeadEnd({
        ...failedCheck(name, error.problem, error.remedy, error.exit),
        ...(error.detail && { said: error.detail }),
      });
    }
    const { cause, remedy, exit, code, said } = explain(error);
    const sentence = `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
    throw new DeadEnd({
      ...failedCheck(name, sentence, remedy, exit),
      ...(said && { said: `AWS says: ${code}: ${said}` }),
    });
  }
}

function failedCheck(name: Step, found: string, remedy: string, exit: Failure["exit"]) {
  return { step: name, outcome: "failed" as const, found, remedy, exit };
}
