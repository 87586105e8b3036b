import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IAM } from "@aws-sdk/client-iam";
import { execa } from "execa";
import { Secret, TOTP } from "otpauth";
import { deviceClock, STEP_SECONDS } from "../aws/device-clock";
import { pythonEnvironment } from "../moto/environment";

/** The time step of the last code, by seed. */
const lastSteps = new Map<string, number>();

/**
 * The code that an authenticator app shows for this seed (RFC 6238): by default an unused one, for which the devices' clock is set ahead
 * if necessary.
 *
 * @param at the time of the code, in milliseconds since 1970
 */
export function codeOf(seed: string, at?: number): string {
  const step = at === undefined ? nextStep(seed) : Math.floor(at / 1000 / STEP_SECONDS);
  if (at === undefined) deviceClock.advanceTo(step);
  lastSteps.set(seed, Math.max(step, lastStep(seed)));
  const device = new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_SECONDS });
  return device.generate({ timestamp: step * STEP_SECONDS * 1000 });
}

/** The first time step from now on with an unused code. */
export function nextStep(seed: string): number {
  return Math.max(deviceClock.step(), lastStep(seed) + 1);
}

function lastStep(seed: string): number {
  return lastSteps.get(seed) ?? Number.NEGATIVE_INFINITY;
}

/** The codes of the previous and the current time step, to enable a device. */
export function twoCodes(seed: string, now: number = Date.now()): [first: string, second: string] {
  return [codeOf(seed, now - STEP_SECONDS * 1000), codeOf(seed, now)];
}

export async function enableDevice(
  iam: IAM,
  user: string,
  serial: string,
  seed: string,
  now: number = Date.now(),
): Promise<void> {
  const [first, second] = twoCodes(seed, now);
  await iam.enableMFADevice({
    UserName: user,
    SerialNumber: serial,
    AuthenticationCode1: first,
    AuthenticationCode2: second,
  });
}

export interface Keys {
  readonly id: string;
  readonly secret: string;
}

export async function newKeys(iam: IAM, user: string): Promise<Keys> {
  const { AccessKey: key } = await iam.createAccessKey({ UserName: user });
  return { id: key?.AccessKeyId ?? "", secret: key?.SecretAccessKey ?? "" };
}

/** A member's computer: a temporary home folder, so that no real `.aws` is read or written. */
export interface Member {
  /** The environment of the member's commands. */
  readonly env: Readonly<Record<string, string>>;
}

/** Writes the access keys into that home folder, as the profile `default`. */
export async function settleIn(
  home: string,
  keys: Keys,
  endpoint: string | undefined,
  region = "us-east-1",
): Promise<Member> {
  const folder = join(home, ".aws");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(
    join(folder, "credentials"),
    `[default]\naws_access_key_id = ${keys.id}\naws_secret_access_key = ${keys.secret}\n`,
    { mode: 0o600 },
  );
  return {
    env: {
      HOME: home,
      USERPROFILE: home,
      XDG_CACHE_HOME: join(home, ".cache"),
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: join(folder, "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
      ...(endpoint && { AWS_ENDPOINT_URL: endpoint }),
      AWS_EC2_METADATA_DISABLED: "true",
    },
  };
}

export interface Ran {
  /** The output, the prompt for a code included. */
  readonly printed: string;
  readonly exitCode: number;
}

/** Runs the real AWS CLI as the member, and answers its prompt for a code. */
export async function awsCli(
  args: readonly string[],
  { env }: Member,
  { profile = "default", code = "" }: { profile?: string; code?: string } = {},
): Promise<Ran> {
  const { all = "", exitCode } = await execa(await pythonEnvironment(), ["-m", "awscli", ...args], {
    all: true,
    reject: false,
    input: `${code}\n`,
    // Without a terminal, the CLI reads the code from standard input.
    detached: true,
    extendEnv: false,
    env: {
      ...env,
      PATH: process.env.PATH ?? "",
      AWS_PROFILE: profile,
      // It warns that it cannot hide the code.
      PYTHONWARNINGS: "ignore",
    },
  });
  return { printed: all.replace(/^Warning: .*\n/, "").trim(), exitCode: exitCode ?? -1 };
}
