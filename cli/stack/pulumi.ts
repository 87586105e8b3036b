import execa from "execa";
import { Failure, systemCode } from "../failure";

/** Which stack, and where its project lies. */
export interface StackChoice {
  readonly stack: string;
  /** The folder of the project, or one below it. */
  readonly project: string;
}

/** How long Pulumi may take to read a stack, in milliseconds. */
const READ_MS = 120_000;

/**
 * Runs the Pulumi CLI that is on PATH to read from a stack, and gives what it printed on standard output. That may hold
 * secrets: it never appears in a message.
 *
 * @throws Failure (`stack`) with the likely cause
 */
export async function readFromStack(choice: StackChoice, args: readonly string[]): Promise<string> {
  const found = await execa("pulumi", [...args, ...location(choice)], {
    reject: false,
    timeout: READ_MS,
    stdin: "ignore",
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  if (!found.failed) return found.stdout;
  throw explained(choice, found, found.timedOut);
}

/** Runs Pulumi on the stack with the person's own terminal: what it prints and asks goes there. Gives its exit code. */
export async function runOnStack(choice: StackChoice, args: readonly string[]): Promise<number> {
  const ran = await execa("pulumi", [...args, ...location(choice)], { reject: false, stdio: "inherit" });
  if (systemCode(ran) === "ENOENT") throw missing();
  return ran.exitCode ?? 1;
}

function location({ stack, project }: StackChoice): string[] {
  return ["--stack", stack, "--cwd", project];
}

const missing = () =>
  new Failure(
    "stack",
    "No pulumi was found on PATH, so the stack cannot be read.",
    "Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or run this where the stack is deployed from.",
  );

function explained(
  { stack, project }: StackChoice,
  error: execa.ExecaReturnValue,
  timedOut: boolean,
): Failure {
  if (systemCode(error) === "ENOENT") return missing();
  if (timedOut) {
    return new Failure(
      "stack",
      `Pulumi did not answer within ${READ_MS / 1000} s.`,
      "Check its backend: pulumi whoami",
    );
  }
  const printed = error.stderr;
  const [cause] = CAUSES.filter(({ pattern }) => pattern.test(printed));
  const problem = `Pulumi cannot read the stack ${stack} in ${project}`;
  if (cause) return new Failure("stack", `${problem}: ${cause.problem}.`, cause.remedy);
  return new Failure("stack", `${problem}.`, "Try the same by hand: pulumi stack", firstLine(printed));
}

const CAUSES = [
  {
    pattern: /no stack named|stack '.*' not found|could not find stack/i,
    problem: "there is no such stack",
    remedy: "pulumi stack ls shows which there are; --project names the folder of the project.",
  },
  {
    pattern: /no Pulumi\.yaml project file found|could not find a Pulumi\.yaml/i,
    problem: "there is no Pulumi project",
    remedy: "Name the folder with the stack's Pulumi.yaml: --project FOLDER",
  },
  {
    pattern: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/i,
    problem: "its secrets need a passphrase",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it.",
  },
  {
    pattern: /incorrect passphrase/i,
    problem: "the passphrase is another one",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE to the one that the stack was made with.",
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|pulumi login/i,
    problem: "Pulumi is not logged in to a backend",
    remedy: "Run this first: pulumi login",
  },
];

function firstLine(text: string): string {
  const line = text
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each !== "");
  return line ? `Pulumi says: ${line.slice(0, 300)}` : "";
}
