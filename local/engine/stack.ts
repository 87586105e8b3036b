import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type ProjectSettings,
  type PulumiFn,
  type Stack,
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
  /** The folder of the same program, for a `pulumi` that somebody runs in the stack's folder. */
  readonly main?: string;
  /** The local AWS, with the stand-in for the aws provider; without, AWS itself, with the official one and the keys in `env`. */
  readonly endpoint: string | undefined;
  /** Default `aws-mfa-stack`, the namespace of the configuration. */
  readonly project?: string;
  readonly stack?: string;
  /** Keys with their namespace: `aws-mfa-stack:users`. Anything but text is written as JSON. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Folders of policy packs; default none. */
  readonly policyPacks?: readonly string[];
  /** Files with the packs' configuration, one per pack. */
  readonly policyPackConfigs?: readonly string[];
  /** Further environment variables for the engine and its plugins. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends whatever the engine is doing. */
  readonly signal?: AbortSignal;
}

export interface Run {
  /** What the CLI printed. */
  readonly printed: string;
  readonly events: readonly EngineEvent[];
  /** How many resources were created, updated, deleted, left the same, … */
  readonly changes: Readonly<Record<string, number>>;
}

/** A stack in a backend of its own, on the real engine. */
export interface LocalStack {
  /** Each begins when the one before has ended, and rejects with `EngineFailure`. */
  preview(): Promise<Run>;
  /** @param replaced URNs: updates these alone and what depends on them, and makes them anew */
  up(replaced?: string[]): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  /** Takes away the lock that an engine left which was killed. */
  cancel(): Promise<void>;
  outputs(): Promise<OutputMap>;
  /** One output that is text, also a secret one: `outputs` starts the CLI twice. */
  output(name: string): Promise<string>;
  /** All that the backend wrote, history and backups too, as it lies on the disk: secrets encrypted. */
  state(): Promise<string>;
  /** The same stack, judged by other packs. */
  judgedBy(packs: Pick<StackSettings, "policyPacks" | "policyPackConfigs">): LocalStack;
  /** Replaces the value of the configuration. */
  configure(config: Readonly<Record<string, unknown>>): Promise<void>;
  /** The folder of the backend and of the project's settings. */
  readonly folder: string;
  /** Waits for what the engine is doing, then removes the folder. What lies in AWS stays: `destroy` first. */
  close(): Promise<void>;
}

/** Prepares the CLI, a temporary folder and an empty stack. Nothing is deployed yet. */
export async function openStack(settings: StackSettings): Promise<LocalStack> {
  const { command: pulumiCommand, path } = await pulumiCli();
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-engine-"));
  // Node plugins that the engine starts in this folder find the project's packages, as after an npm install.
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

/**
 * After each update the Automation API starts the CLI three times more, for the outputs and the history. Here whoever wants
 * the outputs asks for them, and what was changed is among the events.
 */
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
    configure: (config) => stack.setAllConfig(configMap(config)),
    close: async () => {
      // An engine that is being interrupted still writes its state.
      await running;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** What the engine reads from a project's settings, and the Automation API does not declare. */
interface Plugins {
  plugins?: { providers: { name: string; path: string }[] };
}

interface RunOptions {
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
  signal?: AbortSignal;
}

async function allText(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
  return texts.join("\n");
}

function configMap(config: Readonly<Record<string, unknown>>): ConfigMap {
  return Object.fromEntries(Object.entries(configTexts(config)).map(([key, value]) => [key, { value }]));
}

function configTexts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
