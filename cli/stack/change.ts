import { spawn } from "node:child_process";
import { z } from "zod";
import { Interrupted, systemCode } from "../failure";
import { interruptible } from "../interruption";
import type { StackChoice } from "./project";
import { projectFile } from "./project";
import { explained, location, noPulumi } from "./pulumi";

/** What Pulumi says of a failure is at its end. */
const LAST_LINES = 30;

/** What an update would do with one resource. */
export interface PlannedStep {
  /** Pulumi's name for it: `create`, `replace`, `same`, … */
  readonly op: string;
  readonly urn: string;
}

// https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
const preview = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });
const complaints = z.object({
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })),
});

/** What `pulumi up` for the same targets would do. Throws as `up`. */
export async function planned(
  choice: StackChoice,
  targets: readonly string[],
  profile: string | undefined,
): Promise<PlannedStep[]> {
  const { code, stdout, printed } = await run(choice, ["preview", "--json", ...targets], profile);
  const found = parsed(stdout);
  const steps = preview.safeParse(found);
  if (code === 0 && steps.success) return steps.data.steps;
  const errors = (complaints.safeParse(found).data?.diagnostics ?? []).flatMap(({ severity, message }) =>
    severity === "error" ? message : [],
  );
  throw explained(choice, "change", printed, lastLines(errors.length > 0 ? errors.join("\n") : printed));
}

/**
 * Runs `pulumi up` for what `targets` say, without asking. Pulumi writes no event log here, and prints no output of the
 * stack: no secret gets into a file that way. Interrupted, it is waited for, so that what it has done gets into the state.
 *
 * @param profile the AWS profile to use
 * @throws Interrupted; Failure (`stack`, `busy`) with what Pulumi said
 */
export async function up(
  choice: StackChoice,
  targets: readonly string[],
  profile: string | undefined,
): Promise<void> {
  await change(choice, ["up", ...targets], profile);
}

/**
 * Refreshes the stack's own resource alone, which changes nothing in AWS and runs no program, but takes the stack's lock and writes its
 * state. Throws as `up` where it cannot.
 *
 * @param root the URN of the stack itself
 */
export async function assertWritable(
  choice: StackChoice,
  root: string,
  profile: string | undefined,
): Promise<void> {
  await change(choice, ["refresh", "--target", root], profile);
}

async function change(choice: StackChoice, args: readonly string[], profile: string | undefined) {
  const unasked = [...args, "--yes", "--skip-preview", "--suppress-outputs"];
  const { code, printed } = await run(choice, unasked, profile);
  if (code !== 0) throw explained(choice, "change", printed, lastLines(printed));
}

async function run(choice: StackChoice, args: readonly string[], profile: string | undefined) {
  projectFile(choice);
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never", ...location(choice)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(profile), PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  let [stdout, printed] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", (error) => reject(systemCode(error) === "ENOENT" ? noPulumi() : error));
    child.on("close", (code) => resolve(code ?? 1));
  });
  const code = await interruptible(async (abort) => {
    abort.addEventListener("abort", () => {
      // Ctrl-C reaches everything that runs in the terminal; the others reach this process only.
      if (abort.reason !== "SIGINT") child.kill("SIGINT");
    });
    const code = await ended;
    if (abort.aborted) throw new Interrupted("Pulumi stopped, and saved what it had done.");
    return code;
  }, "any signal");
  return { code, stdout, printed };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A named profile is meant, and not the keys that the environment happens to have. */
function environment(profile: string | undefined): NodeJS.ProcessEnv {
  if (profile === undefined) return process.env;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, ...others } = process.env;
  return { ...others, AWS_PROFILE: profile };
}

function lastLines(printed: string): string {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  return ["Pulumi says:", ...lines.slice(-LAST_LINES)].join("\n");
}
