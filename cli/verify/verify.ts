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
import { type Check, failed, ok, type Step, unknown } from "./check";
import { checkRefusal } from "./refusal";

/** The caller with the profile, and when the session ends. */
export interface VerifiedSession {
  readonly arn: string;
  readonly expires: Date;
}

/** Prompts for the code of the device. `command` prints it: it is a setting of the profile, or of the one with its access keys. */
type Prompting = (command: string | undefined) => CodePrompt;

/**
 * Checks every step that the AWS CLI takes with the profile, in order, and reports each.
 *
 * @param prompting asked for the code, when everything before it is right
 * @returns the session; `undefined` if a step failed that ends the run
 */
export async function verifyProfile(
  profile: string,
  report: (check: Check) => void,
  prompting: Prompting,
): Promise<VerifiedSession | undefined> {
  try {
    const chain = await step("profile", () => readChain(profile));
    report(ok("profile", describe(chain)));
    using aws = await step("keys", () => {
      assertProfileCounts(profile);
      return connect(keysOwner(chain));
    });
    return await verifyChain(chain, aws, report, prompting);
  } catch (error) {
    if (!(error instanceof FailedStep)) throw error;
    report(error.check);
    return undefined;
  }
}

/** A step that ends the run: the steps after it cannot be checked. */
class FailedStep extends Error {
  constructor(readonly check: Check) {
    super(check.found);
  }
}

/** Runs one step. A Failure or an error of AWS becomes its result, unless the person interrupts or cannot be asked. */
async function step<T>(name: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) {
      if (["interrupted", "terminal", "usage"].includes(error.exit)) throw error;
      throw new FailedStep(failed(name, error));
    }
    const { cause, remedy, exit, code, said } = explain(error);
    const sentence = `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
    const detail = said ? `AWS says: ${code}: ${said}` : undefined;
    throw new FailedStep(failed(name, new Failure(exit, sentence, remedy, detail)));
  }
}

async function verifyChain(
  chain: Chain,
  aws: Aws,
  report: (check: Check) => void,
  prompting: Prompting,
): Promise<VerifiedSession> {
  const { profile } = keysOwner(chain);
  const serial = chain.mfaSerial ?? (chain.origin.kind === "session" ? chain.origin.mfaSerial : undefined);
  const { arn, user } = await step("keys", async () => {
    const identity = await callerIdentity(aws);
    if (identity.user === undefined && serial !== undefined) {
      throw new Failure(
        "credentials",
        `${profile} is ${identity.arn}, which is not an IAM user and so has no MFA device.`,
        "Put your own access keys into that profile: aws configure --profile NAME",
      );
    }
    // A device is in its user's account. The serial number of a hardware device does not name one.
    if (serial?.startsWith("arn:")) {
      const remedy =
        "Put the access keys of the expected account into that profile: aws configure --profile NAME";
      assertAccount(identity, serial, remedy);
    }
    return identity;
  });
  report(ok("keys", `${profile} is ${arn}.`));
  report(checkClock(aws));
  report(
    serial !== undefined && user !== undefined
      ? await step("device", () => checkDevice(aws, user, serial))
      : unknown(
          "device",
          `${chain.source} returns a session; it was started with a code, or is not protected.`,
        ),
  );
  report(await step("role", () => checkRefusal(aws, chain)));
  const session = await step("session", async () => {
    const command = (await codeCommandOf(chain.profile)) ?? (await codeCommandOf(profile));
    return startSession(chain, aws, prompting(command));
  });
  report(ok("session", `You are ${session.arn} until ${localTime(session.expires)}.`));
  return session;
}

function describe({ profile, roleArn, source, origin, hasRegion }: Chain): string {
  const session = origin.kind === "session" ? `, the session of ${origin.profile}` : "";
  const region = hasRegion ? "" : ` It has no region: aws configure set region REGION --profile ${profile}`;
  return `${profile} assumes ${roleArn} from ${source}${session}.${region}`;
}

/** Whose device gives the code: the owner of the access keys behind the profile, or of what its source returns. */
function keysOwner({ source, region, origin }: Chain): Who & { readonly profile: string } {
  if (origin.kind === "session") return { profile: origin.profile, region };
  return { profile: source, region, ...(origin.kind === "keys" && { credentials: origin.keys }) };
}

/**
 * The AWS CLI prefers keys in the environment, unless its command line names the profile.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html#cli-chap-authentication-precedence
 */
function assertProfileCounts(profile: string): void {
  if (!process.env.AWS_ACCESS_KEY_ID) return;
  throw new Failure(
    "credentials",
    `AWS_ACCESS_KEY_ID is set. With AWS_PROFILE=${profile} the AWS CLI uses that key, without the role and without a code.`,
    `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, then run this again. (aws --profile ${profile} uses the profile anyway.)`,
  );
}

/** AWS refuses a request whose time is off by five minutes. A little less is worth a warning. */
const CLOCK_SECONDS = 240;

function checkClock({ clock }: Aws): Check {
  const ahead = clock.aheadSeconds();
  if (Math.abs(ahead) < CLOCK_SECONDS) return ok("clock", "This computer's clock and AWS's agree.");
  return failed(
    "clock",
    new Failure(
      "credentials",
      `This computer's clock is ${Math.abs(ahead)} seconds ${ahead > 0 ? "behind" : "ahead of"} AWS's.`,
      "Set it from the network: AWS refuses requests that are off by five minutes.",
    ),
  );
}

async function checkDevice(aws: Aws, user: string, serial: string): Promise<Check> {
  const devices = (await enabledDevices(aws, user)) ?? [];
  if (devices.some((device) => device.serial === serial))
    return ok("device", `${serial} is enabled for ${user}.`);
  const known = (await virtualDevices(aws).catch(() => [])).find((device) => device.serial === serial);
  if (known?.user !== undefined && known.user !== user) {
    throw new Failure(
      "refused",
      `${serial} belongs to ${known.user}, not to ${user}.`,
      `Use ${user}'s own: aws-mfa profile`,
    );
  }
  const isWaiting = known !== undefined && known.user === undefined;
  const others = devices.filter(givesCodes).map((device) => device.serial);
  const [, further] = serial.split(`:mfa/${user}/`);
  const enroll = `Enable ${isWaiting ? "it" : "one"}: aws-mfa enroll --self${further ? ` --device ${further}` : ""}`;
  throw new Failure(
    "refused",
    isWaiting ? `${serial} exists, but is not enabled.` : `${user} has no device ${serial}.`,
    others.length > 0
      ? `Set mfa_serial to ${others.join(" or ")}, which is enabled.`
      : devices.length > 0
        ? INSTEAD_OF_SECURITY_KEY
        : enroll,
  );
}

/** Assumes the role as the AWS CLI does: for a session of `aws-mfa session`, with what the source profile returns. */
async function startSession(chain: Chain, aws: Aws, prompt: CodePrompt): Promise<VerifiedSession> {
  const { mfaSerial, roleArn, durationSeconds, region, source } = chain;
  using session = chain.origin.kind === "session" ? await connect({ profile: source, region }) : undefined;
  const { sts } = session ?? aws;
  const call = (mfa?: { SerialNumber: string; TokenCode: string }) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: "aws-mfa-verify",
        ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
        ...mfa,
      }),
    );
  const { Credentials } =
    mfaSerial === undefined
      ? await call()
      : await withCode(mfaSerial, prompt, (TokenCode) => call({ SerialNumber: mfaSerial, TokenCode }));
  const credentials = sessionCredentials(Credentials);
  using role = await connect({ region, profile: source, credentials });
  return { arn: (await callerIdentity(role)).arn, expires: credentials.expiration };
}
