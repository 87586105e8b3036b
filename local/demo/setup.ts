import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { type BucketLocationConstraint, S3 } from "@aws-sdk/client-s3";
import { type LocalStack, openStack, POLICY_PACK, type StackSettings } from "../engine/stack";
import type { Shutdown } from "../shutdown";
import type { Host } from "./host";
import type { Names } from "./names";

/** A run of the demo: its AWS, and what is opened there, all closed by one `Shutdown`. */
export interface Demo {
  readonly host: Host;
  readonly names: Names;
  readonly shutdown: Shutdown;
  /** The administrator's clients. */
  readonly iam: IAM;
  readonly s3: S3;
  /** Encrypts the stacks' secrets. */
  readonly passphrase: string;
}

/** The name of every stack of the demo. */
export const STACK = "demo";

export function demoOn(host: Host, shutdown: Shutdown): Demo {
  const settings = clientSettings(host);
  return {
    host,
    names: host.names,
    shutdown,
    iam: new IAM(settings),
    s3: new S3(settings),
    passphrase: randomBytes(16).toString("hex"),
  };
}

/** The settings of AWS SDK clients, by default with the administrator's credentials. */
export function clientSettings({ endpoint, region, administrator }: Host, credentials?: Credentials) {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = "",
    AWS_SECRET_ACCESS_KEY: secretAccessKey = "",
    AWS_SESSION_TOKEN: sessionToken,
  } = administrator;
  return {
    region,
    credentials: credentials ?? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    ...(endpoint && { endpoint, forcePathStyle: true }),
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A stack, by default with this repository's policy pack, closed with the demo. */
export async function stackOn(
  demo: Demo,
  settings: Pick<StackSettings, "program" | "project" | "config" | "policyPacks" | "policyPackConfigs">,
): Promise<LocalStack> {
  const { host } = demo;
  const stack = await openStack({
    policyPacks: [POLICY_PACK],
    ...settings,
    stack: STACK,
    endpoint: host.endpoint,
    config: { "aws:region": host.region, ...settings.config },
    env: { ...host.administrator, ...passphraseOf(demo) },
    signal: demo.shutdown.signal,
  });
  demo.shutdown.after(() => stack.close());
  return stack;
}

/** The JSON text of a policy. */
export function policyDocument(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

export async function makeBucket({ s3, host, names }: Demo): Promise<void> {
  const LocationConstraint = host.region as BucketLocationConstraint;
  // us-east-1 must not be given: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  const where = host.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await s3.createBucket({ Bucket: names.bucket, ...where });
}

/** The environment variables of the administrator of the stack and the account. */
export function administrator(demo: Demo): Readonly<Record<string, string>> {
  const { administrator, endpoint } = demo.host;
  return { ...administrator, ...passphraseOf(demo), ...(endpoint && { AWS_ENDPOINT_URL: endpoint }) };
}

function passphraseOf({ passphrase }: Demo): Readonly<Record<string, string>> {
  return { PULUMI_CONFIG_PASSPHRASE: passphrase };
}

export async function temporaryFolder(demo: Demo): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-demo-"));
  demo.shutdown.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
