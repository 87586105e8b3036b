import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { LOCAL_CREDENTIALS, localClient } from "../aws/root";
import type { LocalAws } from "../aws/server";
import { type LocalStack, openStack, POLICY_PACK, type StackSettings } from "../engine/stack";
import type { Shutdown } from "../shutdown";

/** What the demo plays on: the local AWS and whatever is opened on it, all closed by one `Shutdown`. */
export interface Scene {
  readonly aws: LocalAws;
  readonly shutdown: Shutdown;
  /** The administrator's clients. */
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** What the stacks' secrets are encrypted with. */
  readonly passphrase: string;
}

/** The name of every stack of the demo. */
export const STACK = "demo";

export function sceneOn(aws: LocalAws, shutdown: Shutdown): Scene {
  const settings = localClient(aws.endpoint);
  return {
    aws,
    shutdown,
    iam: new IAMClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    passphrase: randomBytes(16).toString("hex"),
  };
}

/** A stack, with this repository's pack on where it names no packs, closed with the scene. */
export async function stackOn(
  scene: Scene,
  settings: Pick<StackSettings, "program" | "project" | "config" | "policyPacks" | "policyPackConfigs">,
): Promise<LocalStack> {
  const stack = await openStack({
    policyPacks: [POLICY_PACK],
    ...settings,
    stack: STACK,
    endpoint: scene.aws.endpoint,
    env: passphraseOf(scene),
    signal: scene.shutdown.signal,
  });
  scene.shutdown.after(() => stack.close());
  return stack;
}

/** The environment of whoever may change the stack and the account. */
export function administrator(scene: Scene): Readonly<Record<string, string>> {
  return { ...LOCAL_CREDENTIALS, ...passphraseOf(scene), AWS_ENDPOINT_URL: scene.aws.endpoint };
}

function passphraseOf({ passphrase }: Scene): Readonly<Record<string, string>> {
  return { PULUMI_CONFIG_PASSPHRASE: passphrase };
}

export async function temporaryFolder(scene: Scene): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-demo-"));
  scene.shutdown.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
