import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { EngineFailure } from "../../local/engine/failure";
import { type LocalStack, openStack, POLICY_PACK } from "../../local/engine/stack";
import { Shutdown } from "../../local/shutdown";
import { mfaAccess } from "../../stack/stack";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

export interface Scene {
  readonly moto: LocalAws;
  readonly iam: IAM;
  /** Empties the account. */
  reset(): Promise<unknown>;
  /** A stack of any program, with the repository's pack on. */
  stack(
    program: PulumiFn,
    options?: {
      config?: Record<string, unknown>;
      pack?: boolean;
      packConfig?: Record<string, unknown>;
      env?: Record<string, string>;
    },
  ): Promise<LocalStack>;
  /** The project's own stack, by default with its own program and no pack. Keys of the configuration without their namespace. */
  access(
    config: Record<string, unknown>,
    options?: { pack?: boolean; env?: Record<string, string>; program?: PulumiFn },
  ): Promise<LocalStack>;
  /** Stops the local AWS and removes what the stacks wrote. */
  close(): Promise<void>;
}

/** An AWS account of the test file's own: one local AWS, and whatever is opened on it. `close` it after the last test. */
export async function openScene(): Promise<Scene> {
  const shutdown = new Shutdown();
  const moto = await startLocalAws();
  shutdown.after(() => moto.stop());
  const iam = new IAM(localClient(moto.endpoint));
  const stack: Scene["stack"] = async (program, { config = {}, pack = true, packConfig, env = {} } = {}) => {
    const policyPackConfigs = packConfig === undefined ? [] : [await fileOf(packConfig, shutdown)];
    const opened = await openStack({
      program,
      endpoint: moto.endpoint,
      config,
      policyPacks: pack ? [POLICY_PACK] : [],
      policyPackConfigs,
      env,
    });
    shutdown.after(() => opened.close());
    return opened;
  };
  return {
    moto,
    iam,
    reset: () => moto.reset(),
    stack,
    access: (config, { program = async () => ({ ...(await mfaAccess()) }), ...options } = {}) =>
      stack(program, {
        config: namespaced(config),
        pack: false,
        ...options,
      }),
    close: () => shutdown.close(),
  };
}

function namespaced(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`aws-mfa-stack:${key}`, value]));
}

/** What the CLI printed of a run that must fail; a run that does not is the test's failure. */
export async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof EngineFailure) return error.printed;
    throw error;
  }
  throw new Error("The run was expected to fail, and did not.");
}

/** The line of a mandatory violation: a version of the CLI may say more between these words, and shorten the type. */
export function rejection(policy: string, resource: string): RegExp {
  return new RegExp(`\\[mandatory\\].* ${policy} .*: ${resource}\\)`);
}

async function fileOf(content: unknown, shutdown: Shutdown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-config-"));
  shutdown.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "policy-config.json");
  await writeFile(file, JSON.stringify(content));
  return file;
}
