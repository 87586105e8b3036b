import type { AwsCredentialIdentity } from "@smithy/types";
import type { CodePrompt } from "../aws/code-prompt";
import { type Aws, connect, connectionOf } from "../aws/connect";
import { credentialsIn } from "../aws/credentials";
import { enabledDevices, givesCodes, INSTEAD_OF_SECURITY_KEY } from "../aws/device";
import { attempt } from "../aws/explain";
import { callerIdentity } from "../aws/identity";
import type { SessionCredentials } from "../aws/session-credentials";
import { sessionWithCode } from "../aws/session-token";
import { Failure } from "../failure";

export interface SessionRequest {
  readonly profile: string;
  /** By default the first enabled device that gives codes. */
  readonly mfaSerial?: string | undefined;
  readonly region?: string | undefined;
  /** 900 to 129600. */
  readonly durationSeconds: number;
}

/**
 * Starts a session from a profile's access keys and a code.
 *
 * @throws Failure if AWS refuses; before the code is asked for, if the profile has no access keys
 */
export async function getSessionToken(
  { profile, mfaSerial, region, durationSeconds }: SessionRequest,
  asking: CodePrompt,
): Promise<SessionCredentials> {
  const who = { profile, region };
  using aws = await connect({ ...who, credentials: await accessKeys(who) });
  const serial = mfaSerial ?? (await ownDevice(aws));
  return await sessionWithCode(aws, serial, asking, durationSeconds);
}

/** The profile's access keys. AWS starts no session from those of a session. */
async function accessKeys(who: Pick<SessionRequest, "profile" | "region">): Promise<AwsCredentialIdentity> {
  const { profile } = who;
  const keys = await attempt(`get the access keys of the profile ${profile}`, async () =>
    credentialsIn(profile, await connectionOf(who)),
  );
  if (keys.sessionToken === undefined) return keys;
  throw new Failure(
    "credentials",
    `The profile ${profile} has session credentials, but AWS starts a session only from access keys.`,
    "Use the profile with your access keys: --profile NAME",
  );
}

async function ownDevice(aws: Aws): Promise<string> {
  const { arn, user } = await callerIdentity(aws);
  const devices = user === undefined ? [] : ((await enabledDevices(aws, user)) ?? []);
  const device = devices.find(givesCodes);
  if (device) return device.serial;
  throw new Failure(
    "refused",
    `No MFA device that gives codes is enabled for ${arn}.`,
    devices.length > 0 ? INSTEAD_OF_SECURITY_KEY : "Enable one first: aws-mfa enroll --self",
  );
}
