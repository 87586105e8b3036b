import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type ProjectSettings,
  type PulumiFn,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { execa } from "execa";
import { LOCAL_CREDENTIALS } from "../aws/root";
import { pulumiCli } from "../pulumi/cli";
import { reason } from "../unavailable";
import { EngineFailure } from "./failure";

const ROOT = resolve(__dirname, "../..");
const STAND_IN = join(ROOT, "local", "provider", "bin");

/** The repository's own policy pack. */
export const POLICY_PACK = join(ROOT, "policy-pack");

export interface StackSettings {
  readonly program: PulumiFn;
  /** The program's folder, for a `pulumi` that is run in the stack's folder. */
  readonly main?: string;
  /** The local AWS, used with the stand-in for the aws provider. Absent for AWS itself, with the official provider and the keys in `env`. */
  readonly endpoint: string | undefined;
  /** Default `aws-mfa-stack`, the namespace of the configuration. */
  readonly project?: string;
  readonly stack?: string;
  /** By keys with a namespace, such as `aws-mfa-stack:users`. Values other than strings are written as JSON. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Folders of policy packs; default none. */
  readonly policyPacks?: readonly string[];
  /** Files with the packs' configuration, one for each pack. */
  readonly policyPackConfigs?: readonly string[];
  /** Additional environment variables of the engine and its plugins. */
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts the engine. */
  readonly signal?: AbortSignal;
}

export interface Run {
  /** What the CLI printed. */
  readonly printed: string;
  readonly events: readonly EngineEvent[];
  /** The number of resources for each operation: create, update, delete, same, … */
  readonly changes: Readonly<Record<string, number>>;
}

/** A stack on the real engine, with its own backend. */
export interface LocalStack {
  /** Operations run one after the other, and reject with `EngineFailure`. */
  preview(): Promise<Run>;
  /** @param replaced URNs of resources to replace; then only these and their dependents are updated */
  up(replaced?: string[]): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  /** Removes the lock of a killed engine. */
  cancel(): Promise<void>;
  outputs(): Promise<OutputMap>;
  /** One string output, secret or not. Faster than `outputs`, which starts the CLI twice. */
  output(name: string): Promise<string>;
  /** All files of the backend, history and backups included, with encrypted secrets. */
  state(): Promise<string>;
  /** The same stack with other policy packs. */
  judgedBy(packs: Pick<StackSettings, "policyPacks" | "policyPackConfigs">): LocalStack;
  /** Replaces the value of the configuration. */
  configure(config: Readonly<Record<string, unknown>>): Promise<void>;
  /** The folder of the backend and of the project's settings. */
  readonly folder: string;
  /** Waits for the running operation and removes the folder. Resources in AWS stay unless destroyed. */
  close(): Promise<void>;
}

/** Prepares the CLI, a temporary folder and an empty stack. */
export async function openStack(settings: StackSettings): Promise<LocalStack> {
  const { command: pulumiCommand, path } = await pulumiCli();
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-engine-"));
  // Node plugins that the engine starts in this folder find the project's packages.
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  const project = settings.project ?? "aws-mfa-stack";
  if (settings.main) await symlink(settings.main, join(folder, "main"), "dir");
  const projectSettings: ProjectSettings & Plugins = {
    name: project,
    runtime: "nodejs",
    ...(settings.main ? { main: "main" } : {}),
    backend: { url: `file://${folder}` },
    ...(settings.endpoint && { plugins: { providers: [{ name: "aws", path: STAND_IN }] } }),
  };
  try {
    const name = settings.stack ?? "local";
    const config = configTexts({ "aws:region": LOCAL_CREDENTIALS.AWS_REGION, ...settings.config });
    const stack = await LocalWorkspace.createStack(
      { stackName: name, projectName: project, program: settings.program },
      {
        pulumiCommand,
        workDir: folder,
        envVars: {
          ...(settings.endpoint && {
            ...LOCAL_CREDENTIALS,
            AWS_ENDPOINT_URL: settings.endpoint,
            // Each start of the CLI writes a log file there, and looks at all the older ones.
            PULUMI_HOME: join(folder, "home"),
          }),
          PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PATH: path,
          ...settings.env,
        },
        projectSettings,
        stackSettings: { [name]: { config } },
      },
    );
    return localStack(stack, folder, settings);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** After each update the Automation API starts the CLI three more times, for outputs and history. This skips them: the events have the changes. */
function withoutSummary(stack: Stack): Stack {
  return Object.create(stack, {
    outputs: { value: async () => ({}) },
    info: { value: async () => undefined },
  });
}

function localStack(stack: Stack, folder: string, settings: StackSettings): LocalStack {
  const engine = withoutSummary(stack);
  const pack = {
    policyPacks: [...(settings.policyPacks ?? [])],
    policyPackConfigs: [...(settings.policyPackConfigs ?? [])],
  };
  let running: Promise<unknown> = Promise.resolve();
  const run = (operation: string, work: (options: RunOptions) => Promise<unknown>): Promise<Run> => {
    const result = running.then(() => recorded(operation, work));
    running = result.catch(() => {});
    return result;
  };
  const recorded = async (
    operation: string,
    work: (options: RunOptions) => Promise<unknown>,
  ): Promise<Run> => {
    const events: EngineEvent[] = [];
    let printed = "";
    const print = (text: string) => {
      printed += text;
    };
    try {
      await work({
        onEvent: (event) => events.push(event),
        onOutput: print,
        onError: print,
        ...(settings.signal ? { signal: settings.signal } : {}),
      });
      const summary = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
      return { printed, events, changes: summary?.resourceChanges ?? {} };
    } catch (error) {
      throw new EngineFailure(operation, printed.trim() || reason(error));
    }
  };
  return {
    folder,
    preview: () => run("preview", (options) => engine.preview({ ...options, ...pack })),
    up: (replaced) =>
      run("up", (options) => {
        const some = replaced && { replace: replaced, target: replaced, targetDependents: true };
        return engine.up({ ...options, ...pack, ...some });
      }),
    refresh: () => run("refresh", (options) => engine.refresh(options)),
    destroy: () => run("destroy", (options) => engine.destroy(options)),
    cancel: () => stack.cancel(),
    outputs: () => stack.outputs(),
    output: async (name) => {
      const { pulumiCommand, envVars: env } = stack.workspace;
      const args = ["stack", "output", name, "--show-secrets", "--stack", stack.name];
      return (await execa(pulumiCommand.command, args, { cwd: folder, env })).stdout;
    },
    state: () => allText(join(folder, ".pulumi")),
    judgedBy: (packs) => localStack(stack, folder, { ...settings, ...packs }),
    configure: (config) => {
      const values = Object.entries(configTexts(config)).map(([key, value]) => [key, { value }]);
      return stack.setAllConfig(Object.fromEntries(values));
    },
    close: async () => {
      // An interrupted engine still writes its state.
      await running;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A project setting that the Automation API does not declare. */
interface Plugins {
  plugins?: { providers: { name: string; path: string }[] };
}

type RunOptions = Pick<UpOptions, "onEvent" | "onOutput" | "onError" | "signal">;

async function allText(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
  return texts.join("\n");
}

function configTexts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
