import type { AwsCredentialIdentity } from "@smithy/types";
import type { CodePrompt } from "../aws/code-prompt";
import { type Aws, connect, credentialsIn } from "../aws/connect";
import { enabledDevices, givesCodes, INSTEAD_OF_SECURITY_KEY } from "../aws/device";
import { attempt } from "../aws/explain";
import { callerIdentity } from "../aws/identity";
import { sessionWithCode } from "../aws/session-token";
import { Failure } from "../failure";
import type { Session } from "./session";

export interface SessionRequest {
  readonly profile: string;
  /** Absent: the first device with codes that is enabled for the user. */
  readonly mfaSerial?: string | undefined;
  readonly region?: string | undefined;
  /** 900 to 129600. */
  readonly durationSeconds: number;
}

/**
 * Starts a session with a code, from a profile's access keys.
 *
 * @throws Failure where AWS refuses, or the profile has no access keys: nobody is asked then
 */
export async function getSessionToken(
  { profile, mfaSerial, region, durationSeconds }: SessionRequest,
  asking: CodePrompt,
): Promise<Session> {
  using aws = await connect({ profile, region, credentials: await accessKeys(profile) });
  const serial = mfaSerial ?? (await ownDevice(aws));
  return await sessionWithCode(aws, serial, asking, durationSeconds);
}

/** The profile's access keys. Those of a session are of no use: AWS starts none from them. */
async function accessKeys(profile: string): Promise<AwsCredentialIdentity> {
  const keys = await attempt(`get the access keys of the profile ${profile}`, () => credentialsIn(profile));
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
