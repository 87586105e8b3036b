import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { IAM } from "@aws-sdk/client-iam";
import { LOCAL_CREDENTIALS, localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { enableDevice, type Keys, newKeys } from "../../local/demo/member";
import { type LocalStack, openStack } from "../../local/engine/stack";
import { pulumiCli } from "../../local/pulumi/cli";
import { mfaAccess } from "../../stack/stack";

export type { Keys };

export const STACK = "local";
export const ACCOUNT = "123456789012";
const PASSPHRASE = "a passphrase of the tests";
const PROGRAM = join(__dirname, "..", "..", "stack");

/** A problem, the environment that causes it, and the expected exit code and message. */
export type Failure = [string, Record<string, string | undefined>, number, string];

/** The problems that end each command that calls AWS. */
export const OUT_OF_REACH: readonly Failure[] = [
  [
    "without AWS credentials",
    { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
    4,
    "no AWS credentials",
  ],
  ["without a network", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, 6, "cannot be reached"],
];

/** A local AWS with a deployed stack, the Pulumi CLI on PATH, and a home folder for each person. */
export interface Fixture {
  readonly moto: LocalAws;
  readonly iam: IAM;
  readonly stack: LocalStack;
  /** The environment of an administrator: valid keys, the passphrase, and nothing from this machine. */
  readonly administrator: Readonly<Record<string, string>>;
  /** The options that name the stack. */
  readonly onStack: readonly string[];
  seedOf(user: string): Promise<string>;
  /** Runs the Pulumi CLI as the administrator on this stack, and returns its output. Throws if it fails. */
  pulumi(...args: readonly string[]): Promise<string>;
  /** Changes the outputs in the stack's state, as anyone with write access to it can. */
  changeOutputs(change: (outputs: Record<string, unknown>) => void): Promise<void>;
  /** A new home folder with the user's access keys as the profile `default`, and the environment for it. */
  member(user: string, keys?: Keys): Promise<Member>;
  /** A member whose first device is enabled. */
  enrolled(user: string, keys?: Keys): Promise<EnrolledMember>;
  newHome(): Promise<string>;
  close(): Promise<void>;
}

export interface Member {
  readonly home: string;
  readonly keys: Keys;
  readonly env: Readonly<Record<string, string>>;
}

export interface EnrolledMember extends Member {
  /** The device, and its seed. */
  readonly serial: string;
  readonly seed: string;
}

/**
 * @param name the stack's name
 * @param project the project's name, which is the namespace of the configuration
 */
export async function openFixture(
  config: Readonly<Record<string, unknown>>,
  name = STACK,
  project = "aws-mfa-stack",
): Promise<Fixture> {
  const moto = await startLocalAws();
  const closers: (() => Promise<unknown>)[] = [() => moto.stop()];
  const close = async () => {
    for (const each of closers.reverse()) await each();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-fixture-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const stack = await openStack({
      program: async () => ({ ...(await mfaAccess()) }),
      main: PROGRAM,
      endpoint: moto.endpoint,
      project,
      stack: name,
      config,
      env: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
    });
    closers.push(() => stack.close());
    await stack.up();
    const iam = new IAM(localClient(moto.endpoint));
    const { path } = await pulumiCli();

    let homes = 0;
    const newHome = async () => {
      const home = join(folder, `home-${homes++}`);
      await mkdir(join(home, ".aws"), { recursive: true, mode: 0o700 });
      return home;
    };
    const base = (home: string) => ({
      PATH: path,
      HOME: home,
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_EC2_METADATA_DISABLED: "true",
      XDG_CACHE_HOME: join(home, ".cache"),
      // Not the keyring of the person who runs the tests.
      AWS_MFA_KEYRING: "off",
      TERM: "xterm-256color",
      ...(process.env.GOGC && { GOGC: process.env.GOGC }),
    });
    const administrator = {
      ...base(await newHome()),
      ...LOCAL_CREDENTIALS,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    };
    // Not synchronously: the local AWS runs in this process.
    const pulumi = async (...args: readonly string[]) => {
      const { stdout } = await promisify(execFile)("pulumi", [...args, "--stack", name], {
        cwd: stack.folder,
        env: administrator,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    };
    const seedOf = (user: string) => stack.output(`seed:${user}`);
    const member = async (user: string, keys?: Keys) => {
      const home = await newHome();
      const own = keys ?? (await newKeys(iam, user));
      await writeFile(
        join(home, ".aws", "credentials"),
        `[default]\naws_access_key_id = ${own.id}\naws_secret_access_key = ${own.secret}\n`,
        { mode: 0o600 },
      );
      return { home, keys: own, env: base(home) };
    };
    return {
      moto,
      iam,
      stack,
      administrator,
      onStack: ["--stack", name, "--project", stack.folder],
      pulumi,
      changeOutputs: async (change) => {
        const state = JSON.parse(await pulumi("stack", "export"));
        change(
          state.deployment.resources.find(({ type }: { type: string }) => type === "pulumi:pulumi:Stack")
            .outputs,
        );
        const file = join(folder, "state.json");
        await writeFile(file, JSON.stringify(state));
        await pulumi("stack", "import", "--file", file);
      },
      seedOf,
      member,
      enrolled: async (user, keys) => {
        const serial = `arn:aws:iam::${ACCOUNT}:mfa/${user}`;
        const seed = await seedOf(user);
        await enableDevice(iam, user, serial, seed);
        return { ...(await member(user, keys)), serial, seed };
      },
      newHome,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
