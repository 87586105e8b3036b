import { spawn } from "node:child_process";
import { Interrupted, systemCode } from "../failure";
import { interruptible } from "../interruption";
import { assertProject, explained, location, noPulumi, type StackChoice } from "./pulumi";

/** What Pulumi says of a failure is at its end. */
const LAST_LINES = 30;

/**
 * Runs `pulumi up` for what `targets` say, without asking. Pulumi writes no event log here, and prints no output of the
 * stack: no secret gets into a file that way. Interrupted, it is waited for, so that what it has done gets into the state.
 *
 * @param profile the AWS profile to do it with
 * @throws Interrupted; Failure (`stack`, `busy`) with what Pulumi said
 */
export async function up(
  choice: StackChoice,
  targets: readonly string[],
  profile: string | undefined,
): Promise<void> {
  assertProject(choice);
  const options = ["--yes", "--skip-preview", "--non-interactive", "--suppress-outputs", "--color", "never"];
  const child = spawn("pulumi", ["up", ...targets, ...options, ...location(choice)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(profile), PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
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
    if (abort.aborted) throw new Interrupted("Pulumi has stopped, and wrote down what it had done.");
    return code;
  }, "any signal");
  if (code !== 0) throw explained(choice, "change", printed, lastLines(printed));
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
