import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { type Exit, Failure, systemCode } from "../failure";
import { timeoutMs } from "../timeout";
import { projectFile, type StackChoice } from "./project";

/** How many times as long as AWS Pulumi may take to read a stack: it calls its backend more than once. */
const READ = 6;
/** Outputs have a picture for each user. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** On platforms with process groups, everything that a process started can be killed with it. */
const HAS_GROUPS = process.platform !== "win32";

interface PulumiRun {
  readonly child: ChildProcess;
  /** What it has printed until now; `all` is both in order. */
  readonly printed: Readonly<Record<"stdout" | "stderr" | "all", Buffer[]>>;
  /** Its exit code. Rejects with Failure (`stack`) if there is no Pulumi CLI on PATH. */
  readonly ended: Promise<number>;
}

/** Starts the Pulumi CLI that is on PATH, for a stack. Throws Failure (`stack`) if there is no project. */
export function startPulumi(
  choice: StackChoice,
  args: readonly string[],
  { env = process.env, detached = false }: { env?: NodeJS.ProcessEnv; detached?: boolean },
): PulumiRun {
  projectFile(choice);
  const location = ["--stack", choice.stack, "--cwd", choice.project];
  const child = spawn("pulumi", [...args, "--non-interactive", ...location], {
    stdio: ["ignore", "pipe", "pipe"],
    detached,
    windowsHide: true,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[], all: [] as Buffer[] };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      printed[name].push(chunk);
      printed.all.push(chunk);
    });
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", (error) => reject(systemCode(error) === "ENOENT" ? noPulumi() : error));
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { child, printed, ended };
}

export function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Runs the Pulumi CLI to read from a stack. Returns its standard output, which may hold secrets and never appears in a message. When it
 * is ended, by time or with this process, so is everything that it started.
 *
 * @throws Failure (`stack`) with the likely cause
 */
export async function readFromStack(choice: StackChoice, args: readonly string[]): Promise<string> {
  const { child, printed, ended } = startPulumi(choice, args, { detached: HAS_GROUPS });
  const kill = () => killWithChildren(child);
  process.once("exit", kill);
  let timer: NodeJS.Timeout | undefined;
  const exceeded = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), timeoutMs() * READ);
    let bytes = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > LARGEST_BYTES) reject(tooMuch());
      });
    }
  });
  try {
    const code = await Promise.race([ended, exceeded]);
    if (code === 0) return textOf(printed.stdout);
  } catch (error) {
    kill();
    throw error;
  } finally {
    clearTimeout(timer);
    process.off("exit", kill);
  }
  throw explained(choice, "read", textOf(printed.stderr));
}

function killWithChildren(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid === undefined) return;
  try {
    process.kill(HAS_GROUPS ? -child.pid : child.pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

function noPulumi(): Failure {
  return new Failure(
    "stack",
    "pulumi was not found on PATH, so the stack cannot be read.",
    "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or run this where the stack is deployed from.",
  );
}

function tooLate(): Failure {
  return new Failure(
    "stack",
    `Pulumi did not answer within ${(timeoutMs() * READ) / 1000} s.`,
    "Check its backend: pulumi whoami. To wait longer: --timeout SECONDS.",
  );
}

function tooMuch(): Failure {
  return new Failure(
    "stack",
    `Pulumi printed more than ${LARGEST_BYTES / 1024 ** 2} MiB.`,
    "Check which pulumi is first on PATH: type -a pulumi",
  );
}

/** Why Pulumi could not read or change the stack, from what it printed. */
export function explained(
  { stack, project }: StackChoice,
  what: "read" | "change",
  printed: string,
  detail = firstLine(printed),
): Failure {
  const cause = CAUSES.find(({ pattern }) => pattern.test(printed));
  const problem = `Pulumi cannot ${what} the stack ${stack} in ${resolve(project)}`;
  if (cause) return new Failure(cause.exit ?? "stack", `${problem}: ${cause.problem}.`, cause.remedy);
  const command = what === "read" ? "pulumi stack" : "pulumi up";
  return new Failure("stack", `${problem}.`, `Run it yourself to see more: ${command}`, detail);
}

interface Cause {
  readonly pattern: RegExp;
  readonly exit?: Exit;
  readonly problem: string;
  readonly remedy: string;
}

const CAUSES: readonly Cause[] = [
  {
    pattern: /no stack named|stack '.*' not found|could not find stack/i,
    problem: "the stack does not exist",
    remedy: "pulumi stack ls lists stacks; --project sets the folder of the project.",
  },
  {
    pattern: /incorrect passphrase/i,
    problem: "the passphrase is wrong",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE to the one that the stack was created with.",
  },
  {
    pattern: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/i,
    problem: "its secrets need a passphrase",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that contains it.",
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|pulumi login/i,
    problem: "Pulumi is not logged in to a backend",
    remedy: "Run this first: pulumi login",
  },
  {
    pattern: /currently locked|another update is currently in progress/i,
    exit: "busy",
    problem: "another update is in progress",
    remedy: "Wait for it to finish. If a run was killed: pulumi cancel",
  },
];

function firstLine(text: string): string {
  const line = text
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each !== "");
  return line ? `Pulumi says: ${line.slice(0, 300)}` : "";
}
