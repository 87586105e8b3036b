import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { STEP_SECONDS } from "../aws/device-clock";
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, localClient } from "../aws/root";
import type { LocalAws } from "../aws/server";
import { codeOf, nextStep } from "./member";
import { type Names, namesWith } from "./names";
import { say } from "./output";

/** Where the demo runs: the local AWS, or a sandbox account. */
export interface Host {
  readonly account: string;
  readonly region: string;
  /** Absent for AWS itself, with Pulumi's own aws provider. */
  readonly endpoint: string | undefined;
  /** The administrator's keys and region, as environment variables. */
  readonly administrator: Readonly<Record<string, string>>;
  readonly names: Names;
  /** The account that examples/bad trusts, and its administrator's client. */
  readonly trusted: { readonly account: string; readonly iam: IAM };
  /** An unused code of the device with this seed. */
  code(seed: string): Promise<string>;
  /** Writes CloudTrail log files below the folder, as a trail delivers them. Absent for AWS itself, which delivers them 15 minutes later. */
  readonly writeEvents?: (folder: string) => Promise<unknown>;
  /** How long to retry until the result is as expected: on AWS a change takes effect some seconds later. */
  readonly patienceMs: number;
}

/** The account that examples/bad trusts. */
export const TRUSTED = "111122223333";

export function localHost(aws: LocalAws): Host {
  const { endpoint } = aws;
  const credentials = aws.rootOf(TRUSTED);
  return {
    account: LOCAL_ACCOUNT,
    region: LOCAL_CREDENTIALS.AWS_REGION,
    endpoint,
    administrator: LOCAL_CREDENTIALS,
    names: namesWith(""),
    trusted: { account: TRUSTED, iam: new IAM({ ...localClient(endpoint), credentials }) },
    code: async (seed) => codeOf(seed),
    writeEvents: (folder) => aws.writeEvents(folder),
    patienceMs: 0,
  };
}

/** A sandbox account. */
export interface AccountHost extends Host {
  /** The administrator's ARN. */
  readonly arn: string;
  /** Part of every name, and of no other name in the account. */
  readonly suffix: string;
}

/**
 * The account of a profile of the AWS CLI.
 *
 * @param endpoint replaces AWS, for tests
 * @param code generates codes, by default after waiting for each
 * @throws the AWS SDK's error if the profile has no credentials
 */
export async function accountHost(
  profile: string,
  { endpoint, code = codeAfterWait }: { endpoint: string | undefined; code: Host["code"] | undefined },
): Promise<AccountHost> {
  const sts = new STS({ profile, ...(endpoint && { endpoint }) });
  const region = await sts.config.region().catch(() => "us-east-1");
  const credentials = await sts.config.credentials();
  const settings = { region, credentials, ...(endpoint && { endpoint }) };
  const { Account: account = "", Arn: arn = "" } = await new STS(settings).getCallerIdentity();
  const suffix = `-${randomBytes(5).toString("hex")}`;
  return {
    account,
    arn,
    region,
    suffix,
    endpoint,
    administrator: {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
      AWS_REGION: region,
    },
    names: namesWith(suffix),
    trusted: { account, iam: new IAM(settings) },
    code,
    patienceMs: 90_000,
  };
}

async function codeAfterWait(seed: string): Promise<string> {
  const wait = nextStep(seed) * STEP_SECONDS * 1000 - Date.now();
  if (wait > 0) {
    say(`AWS accepts each code once: ${Math.ceil(wait / 1000)} s until the next one.`);
    await setTimeout(wait);
  }
  return codeOf(seed, Date.now());
}

const PAUSE_MS = 5_000;

/** Repeats `run` until its result is as expected or the host's patience ends, and returns the last result. */
export async function until(
  { patienceMs }: Host,
  expected: RegExp,
  run: () => Promise<string>,
): Promise<string> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const result = await run();
    if (expected.test(result) || Date.now() >= end) return result;
    await setTimeout(PAUSE_MS);
  }
}
