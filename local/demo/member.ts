import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateAccessKeyCommand, EnableMFADeviceCommand, type IAMClient } from "@aws-sdk/client-iam";
import execa from "execa";
import { Secret, TOTP } from "otpauth";
import { pythonEnvironment } from "../moto/environment";

const STEP_MS = 30_000;

/** The six digits that an authenticator app shows for this seed at this time (RFC 6238, 30 s). */
export function codeOf(seed: string, at: number = Date.now()): string {
  return new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_MS / 1000 }).generate({
    timestamp: at,
  });
}

/** What a member does once: two consecutive codes turn the device on. */
export async function enableDevice(
  iam: IAMClient,
  user: string,
  serial: string,
  seed: string,
  now: number = Date.now(),
): Promise<void> {
  await iam.send(
    new EnableMFADeviceCommand({
      UserName: user,
      SerialNumber: serial,
      AuthenticationCode1: codeOf(seed, now - STEP_MS),
      AuthenticationCode2: codeOf(seed, now),
    }),
  );
}

export interface Keys {
  readonly id: string;
  readonly secret: string;
}

export async function newKeys(iam: IAMClient, user: string): Promise<Keys> {
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
  return { id: key?.AccessKeyId ?? "", secret: key?.SecretAccessKey ?? "" };
}

/** A home folder with an `.aws` of its own, so that nobody's real one is read or written. */
export async function writeHome(home: string, profile: string, keys: Keys): Promise<void> {
  await mkdir(join(home, ".aws"), { recursive: true, mode: 0o700 });
  await writeFile(join(home, ".aws", "config"), profile, { mode: 0o600 });
  await writeFile(
    join(home, ".aws", "credentials"),
    `[default]\naws_access_key_id = ${keys.id}\naws_secret_access_key = ${keys.secret}\n`,
    { mode: 0o600 },
  );
}

/**
 * Runs the real AWS CLI in that home and answers its question for a code. Gives what it printed, its prompt included.
 * Throws what the CLI says where it fails.
 */
export async function awsCli(
  args: readonly string[],
  member: { home: string; profile: string; endpoint: string; code: string },
): Promise<string> {
  const { all = "" } = await execa(await pythonEnvironment(), ["-m", "awscli", ...args], {
    all: true,
    input: `${member.code}\n`,
    // Without a terminal of its own the CLI reads the code from standard input, and would ask the person otherwise.
    detached: true,
    extendEnv: false,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: member.home,
      USERPROFILE: member.home,
      AWS_CONFIG_FILE: join(member.home, ".aws", "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(member.home, ".aws", "credentials"),
      AWS_PROFILE: member.profile,
      AWS_ENDPOINT_URL: member.endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
      // It warns that it cannot hide what is typed: nobody types here.
      PYTHONWARNINGS: "ignore",
    },
  });
  return all;
}
