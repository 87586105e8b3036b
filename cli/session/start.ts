import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-providers";
import { type Aws, connect } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { explain, failureOf } from "../aws/explain";
import { callerIdentity } from "../aws/identity";
import { configFile, credentialsFile } from "../aws-config/location";
import { Failure } from "../failure";
import type { Session } from "./session";

export interface Start {
  readonly profile: string;
  /** Absent: the first device that is enabled for the user. */
  readonly mfaSerial?: string | undefined;
  readonly region?: string | undefined;
  /** 900 to 129600. */
  readonly durationSeconds: number;
}

/** Set for whatever the source profile runs to get its credentials, so that it cannot come back here for ever. */
const RUNNING = "AWS_MFA_SESSION_RUNNING";

/** How often a mistyped code may be given again. */
const ATTEMPTS = 3;

/**
 * Starts a session with a code (`GetSessionToken`).
 *
 * @param ask asks for the device's code; `hint` says what was wrong with the one before
 * @throws Failure where AWS refuses, or the profile is its own source
 */
export async function startSession(
  { profile, mfaSerial, region, durationSeconds }: Start,
  ask: (serial: string, hint: string | undefined) => Promise<string>,
): Promise<Session> {
  if (process.env[RUNNING] !== undefined) {
    throw new Failure(
      "file",
      `The profile ${profile} gets its credentials from aws-mfa session itself.`,
      "Name the profile that holds your access keys: aws-mfa profile --one-code --source-profile NAME",
    );
  }
  process.env[RUNNING] = profile;
  const credentials = fromIni({ profile, configFilepath: configFile(), filepath: credentialsFile() });
  const aws = await connect({ profile, region, credentials });
  try {
    const serial = mfaSerial ?? (await ownDevice(aws));
    for (let attempt = 1, hint: string | undefined; ; attempt++) {
      const code = await ask(serial, hint);
      try {
        return await sessionFor(aws, serial, code, durationSeconds);
      } catch (error) {
        const { cause, said } = explain(error);
        if (attempt === ATTEMPTS || !/one time pass code/i.test(said))
          throw failureOf("start a session", error);
        hint = `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
      }
    }
  } finally {
    aws.close();
  }
}

async function sessionFor({ sts }: Aws, serial: string, code: string, seconds: number): Promise<Session> {
  const { Credentials: given } = await sts.send(
    new GetSessionTokenCommand({ SerialNumber: serial, TokenCode: code, DurationSeconds: seconds }),
  );
  return {
    accessKeyId: given?.AccessKeyId ?? "",
    secretAccessKey: given?.SecretAccessKey ?? "",
    sessionToken: given?.SessionToken ?? "",
    expires: given?.Expiration ?? new Date(0),
  };
}

async function ownDevice(aws: Aws): Promise<string> {
  const { arn, user } = await callerIdentity(aws);
  const [device] = user === undefined ? [] : ((await enabledDevices(aws, user)) ?? []);
  if (device) return device.serial;
  throw new Failure(
    "refused",
    `No MFA device is enabled for ${arn}.`,
    "Enable one first: aws-mfa enroll --self",
  );
}
