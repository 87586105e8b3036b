import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { IAM } from "@aws-sdk/client-iam";
import { LOCAL_CREDENTIALS, localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { type LocalStack, openStack } from "../../local/engine/stack";
import { pulumiCli } from "../../local/pulumi/cli";
import { mfaAccess } from "../../stack/stack";

export const STACK = "local";
export const ACCOUNT = "123456789012";
const PASSPHRASE = "a passphrase of the tests";
const PROGRAM = join(__dirname, "..", "..", "stack");

export interface Keys {
  readonly id: string;
  readonly secret: string;
}

/** What is wrong, how the environment says so, and the exit code and the words that it leads to. */
export type Failure = [string, Record<string, string | undefined>, number, string];

/** What ends each command that asks AWS. */
export const OUT_OF_REACH: readonly Failure[] = [
  [
    "no credentials",
    { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
    4,
    "no AWS credentials",
  ],
  ["a network that is gone", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, 6, "cannot be reached"],
];

/** A local AWS with a deployed stack on it, the Pulumi CLI on PATH, and a home folder for whoever runs the command. */
export interface Fixture {
  readonly moto: LocalAws;
  readonly iam: IAM;
  readonly stack: LocalStack;
  /** The environment of an administrator: keys that AWS takes, the passphrase, nothing of the machine's own. */
  readonly administrator: Readonly<Record<string, string>>;
  /** The options that name the stack. */
  readonly onStack: readonly string[];
  seedOf(user: string): Promise<string>;
  /** What the Pulumi CLI prints as the administrator, of this stack. Throws where it fails. */
  pulumi(...args: readonly string[]): Promise<string>;
  /** Changes the outputs in the stack's state, as whoever may write that can. */
  changeOutputs(change: (outputs: Record<string, unknown>) => void): Promise<void>;
  /** A new home folder with the user's access keys as the profile `default`, and the environment for it. */
  member(user: string, keys?: Keys): Promise<Member>;
  newHome(): Promise<string>;
  close(): Promise<void>;
}

export interface Member {
  readonly home: string;
  readonly keys: Keys;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * @param name the stack's name
 * @param project the project's, which is the namespace of the configuration
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
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-stage-"));
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
      // The keyring of whoever runs the tests is not for them.
      AWS_MFA_KEYRING: "off",
      TERM: "xterm-256color",
    });
    const administrator = {
      ...base(await newHome()),
      ...LOCAL_CREDENTIALS,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    };
    // Not synchronously: the local AWS that it talks to answers from this process.
    const pulumi = async (...args: readonly string[]) => {
      const { stdout } = await promisify(execFile)("pulumi", [...args, "--stack", name], {
        cwd: stack.folder,
        env: administrator,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
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
      seedOf: (user) => stack.output(`seed:${user}`),
      member: async (user, keys) => {
        const home = await newHome();
        const own = keys ?? (await newKeys(iam, user));
        await writeFile(
          join(home, ".aws", "credentials"),
          `[default]\naws_access_key_id = ${own.id}\naws_secret_access_key = ${own.secret}\n`,
          { mode: 0o600 },
        );
        return { home, keys: own, env: base(home) };
      },
      newHome,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function newKeys(iam: IAM, user: string): Promise<Keys> {
  const { AccessKey } = await iam.createAccessKey({ UserName: user });
  return { id: AccessKey?.AccessKeyId ?? "", secret: AccessKey?.SecretAccessKey ?? "" };
}
