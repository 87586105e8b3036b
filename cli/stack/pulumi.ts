import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { type Exit, Failure, systemCode } from "../failure";
import { timeoutMs } from "../timeout";
import { projectFile, type StackChoice } from "./project";

/** How many times the silence of AWS Pulumi may take to read a stack: it calls its backend more than once. */
const READ = 6;
/** Outputs hold a picture per user. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** Where processes have groups, whatever a process started can be ended with it. */
const HAS_GROUPS = process.platform !== "win32";

/**
 * Runs the Pulumi CLI that is on PATH to read from a stack, and gives what it printed on standard output. That may hold
 * secrets: it never appears in a message. When it is ended, by time or with this process, so is everything that it started.
 *
 * @throws Failure (`stack`) with the likely cause
 */
export function readFromStack(choice: StackChoice, args: readonly string[]): Promise<string> {
  projectFile(choice);
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive", ...location(choice)], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: HAS_GROUPS,
      windowsHide: true,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    const end = () => killWithChildren(child);
    const stop = (failure: Failure) => {
      end();
      reject(failure);
    };
    process.once("exit", end);
    const timer = setTimeout(() => stop(tooLate()), timeoutMs() * READ);
    const printed: Buffer[] = [];
    const complained: Buffer[] = [];
    let bytes = 0;
    const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > LARGEST_BYTES) stop(tooMuch());
    };
    child.stdout.on("data", keep(printed));
    child.stderr.on("data", keep(complained));
    child.on("error", (error) => reject(systemCode(error) === "ENOENT" ? noPulumi() : error));
    child.on("close", (code) => {
      clearTimeout(timer);
      process.off("exit", end);
      if (code === 0) resolve(Buffer.concat(printed).toString("utf8"));
      else reject(explained(choice, "read", Buffer.concat(complained).toString("utf8")));
    });
  });
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

export function location({ stack, project }: StackChoice): string[] {
  return ["--stack", stack, "--cwd", project];
}

export function noPulumi(): Failure {
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

/** Why Pulumi could not read or change the stack, by what it printed. */
export function explained(
  { stack, project }: StackChoice,
  what: "read" | "change",
  printed: string,
  detail = firstLine(printed),
): Failure {
  const cause = CAUSES.find(({ pattern }) => pattern.test(printed));
  const problem = `Pulumi cannot ${what} the stack ${stack} in ${resolve(project)}`;
  if (cause) return new Failure(cause.exit ?? "stack", `${problem}: ${cause.problem}.`, cause.remedy);
  const byHand = what === "read" ? "pulumi stack" : "pulumi up";
  return new Failure("stack", `${problem}.`, `Run it yourself to see more: ${byHand}`, detail);
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
