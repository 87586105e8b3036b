import { z } from "zod";
import { Interrupted } from "../failure";
import { interruptible } from "../interruption";
import { parseJson } from "../json";
import type { StackChoice } from "./project";
import { explained, startPulumi, textOf } from "./pulumi";

/** Pulumi prints the cause of a failure last. */
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

/** What `pulumi up` with the same targets would do. Throws as `up`. */
export async function planned(
  choice: StackChoice,
  targets: readonly string[],
  profile: string | undefined,
): Promise<PlannedStep[]> {
  const { code, stdout, all } = await run(choice, ["preview", "--json", ...targets], profile);
  const found = parseJson(stdout);
  const steps = preview.safeParse(found);
  if (code === 0 && steps.success) return steps.data.steps;
  const errors = (complaints.safeParse(found).data?.diagnostics ?? []).flatMap(({ severity, message }) =>
    severity === "error" ? message : [],
  );
  throw explained(choice, "change", all, lastLines(errors.length > 0 ? errors.join("\n") : all));
}

/**
 * Runs `pulumi up` with these targets, without asking. Pulumi writes no event log and prints no outputs of the stack, so that no secret
 * gets into a file. If this is interrupted, it waits for Pulumi, which saves what it has done in the state.
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
 * Refreshes only the stack's own resource, which changes nothing in AWS and runs no program, but takes the stack's lock and writes its
 * state. Throws as `up` if it cannot.
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
  const { code, all } = await run(
    choice,
    [...args, "--yes", "--skip-preview", "--suppress-outputs"],
    profile,
  );
  if (code !== 0) throw explained(choice, "change", all, lastLines(all));
}

async function run(choice: StackChoice, args: readonly string[], profile: string | undefined) {
  const { child, printed, ended } = startPulumi(choice, [...args, "--color", "never"], {
    env: environment(profile),
  });
  const code = await interruptible(async (abort) => {
    abort.addEventListener("abort", () => {
      // Ctrl-C reaches every process in the terminal; other signals reach only this one.
      if (abort.reason !== "SIGINT") child.kill("SIGINT");
    });
    const code = await ended;
    if (abort.aborted) throw new Interrupted("Pulumi stopped, and saved what it had done.");
    return code;
  }, "any signal");
  return { code, stdout: textOf(printed.stdout), all: textOf(printed.all) };
}

/** A named profile counts, not the keys that happen to be in the environment. */
function environment(profile: string | undefined): NodeJS.ProcessEnv {
  if (profile === undefined) return process.env;
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, ...others } = process.env;
  return { ...others, AWS_PROFILE: profile };
}

function lastLines(printed: string): string {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  return ["Pulumi says:", ...lines.slice(-LAST_LINES)].join("\n");
}
