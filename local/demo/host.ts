import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { STEP_SECONDS } from "../aws/device-clock";
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, localClient } from "../aws/root";
import type { LocalAws } from "../aws/server";
import { codeOf, nextStep } from "./member";
import { type Names, namesWith } from "./names";
import { say } from "./narrator";

/** Where the demo plays: the local AWS, or somebody's sandbox account. */
export interface Host {
  readonly account: string;
  readonly region: string;
  /** Absent: AWS itself, with Pulumi's own aws provider. */
  readonly endpoint: string | undefined;
  /** The administrator's keys and region, as environment variables. */
  readonly administrator: Readonly<Record<string, string>>;
  readonly names: Names;
  /** Which account examples/bad lets in, and an administrator's client of it. */
  readonly trusted: { readonly account: string; readonly iam: IAM };
  /** A code of the device with this seed that was not given before. */
  code(seed: string): Promise<string>;
  /**
   * Writes what CloudTrail has seen below the folder, as a trail delivers it. Absent on AWS itself, which delivers it a quarter of an hour
   * later.
   */
  readonly writeEvents?: (folder: string) => Promise<unknown>;
  /** For how long an answer that is not the expected one is asked for again: on AWS a change counts some seconds later. */
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

/** A host in an account, and who its administrator is. */
export interface AccountHost extends Host {
  readonly arn: string;
  /** Every name has it, and nothing else in the account. */
  readonly suffix: string;
}

/**
 * The account of a profile of the AWS CLI.
 *
 * @param endpoint what stands in place of AWS, for tests
 * @param code where the codes come from; by default each is waited for
 * @throws what the AWS SDK throws where the profile has no credentials
 */
export async function accountHost(
  profile: string,
  { endpoint, code = waitedFor }: { endpoint: string | undefined; code: Host["code"] | undefined },
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

async function waitedFor(seed: string): Promise<string> {
  const wait = nextStep(seed) * STEP_SECONDS * 1000 - Date.now();
  if (wait > 0) {
    say(`AWS takes each code once: ${Math.ceil(wait / 1000)} s until the next.`);
    await setTimeout(wait);
  }
  return codeOf(seed, Date.now());
}

const PAUSE_MS = 5_000;

/** Runs it until what it gives is as expected, for as long as a change may need to count. Gives what it gave last. */
export async function until(
  { patienceMs }: Host,
  expected: RegExp,
  run: () => Promise<string>,
): Promise<string> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const given = await run();
    if (expected.test(given) || Date.now() >= end) return given;
    await setTimeout(PAUSE_MS);
  }
}
