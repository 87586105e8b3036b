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

/** What the demo plays on: an AWS and whatever is opened on it, all closed by one `Shutdown`. */
export interface Scene {
  readonly host: Host;
  readonly names: Names;
  readonly shutdown: Shutdown;
  /** The administrator's clients. */
  readonly iam: IAM;
  readonly s3: S3;
  /** What the stacks' secrets are encrypted with. */
  readonly passphrase: string;
}

/** The name of every stack of the demo. */
export const STACK = "demo";

export function sceneOn(host: Host, shutdown: Shutdown): Scene {
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

/** What clients of the AWS SDK are made with: the administrator's, or those of whoever has the keys. */
export function clientSettings({ endpoint, region, administrator }: Host, credentials?: Credentials) {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = administrator;
  const own = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
  return {
    region,
    credentials: credentials ?? own,
    ...(endpoint && { endpoint, forcePathStyle: true }),
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A stack, with this repository's pack on where it names no packs, closed with the scene. */
export async function stackOn(
  scene: Scene,
  settings: Pick<StackSettings, "program" | "project" | "config" | "policyPacks" | "policyPackConfigs">,
): Promise<LocalStack> {
  const { host } = scene;
  const stack = await openStack({
    policyPacks: [POLICY_PACK],
    ...settings,
    stack: STACK,
    endpoint: host.endpoint,
    config: { "aws:region": host.region, ...settings.config },
    env: { ...host.administrator, ...passphraseOf(scene) },
    signal: scene.shutdown.signal,
  });
  scene.shutdown.after(() => stack.close());
  return stack;
}

export async function makeBucket({ s3, host, names }: Scene): Promise<void> {
  const LocationConstraint = host.region as BucketLocationConstraint;
  // us-east-1 is the one region that must not be named: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  const where = host.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint } };
  await s3.createBucket({ Bucket: names.bucket, ...where });
}

/** The environment of whoever may change the stack and the account. */
export function administrator(scene: Scene): Readonly<Record<string, string>> {
  const { administrator, endpoint } = scene.host;
  return { ...administrator, ...passphraseOf(scene), ...(endpoint && { AWS_ENDPOINT_URL: endpoint }) };
}

function passphraseOf({ passphrase }: Scene): Readonly<Record<string, string>> {
  return { PULUMI_CONFIG_PASSPHRASE: passphrase };
}

export async function temporaryFolder(scene: Scene): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-demo-"));
  scene.shutdown.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
