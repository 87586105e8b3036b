import { Command } from "commander";
import { EXIT, Failure } from "../failure";
import { asIs } from "../terminal/escape-controls";
import { type Check, checkText } from "./check";

interface Options {
  readonly profile?: string;
  readonly code?: boolean;
  readonly codeCommand?: string;
  readonly json?: boolean;
}

const INSTEAD = "Run this in a terminal, or give the code on standard input with --code.";

export function verifyCommand(): Command {
  return new Command("verify")
    .summary("check every step that the AWS CLI takes with a profile")
    .description(
      "Checks every step that the AWS CLI takes with PROFILE (AWS_PROFILE, else mfabasedaccess): access keys, device, role " +
        "and session. Stops at the first one that fails, and prints the likely cause and the fix.",
    )
    .argument("[profile]", "the profile")
    .option("--profile <profile>", "the same as PROFILE, as in the AWS CLI")
    .option("--code", "read the code from standard input")
    .option(
      "--code-command <command>",
      "a command that prints the code; by default mfa_process of the profile",
    )
    .option("--json", "print the result as JSON")
    .action(async (named: string | undefined, options: Options) => {
      if (named !== undefined && options.profile !== undefined && named !== options.profile) {
        throw new Failure(
          "usage",
          `Expected one profile, got two: ${named} and --profile ${options.profile}.`,
          "Name one of them.",
        );
      }
      const profile = named ?? options.profile ?? process.env.AWS_PROFILE ?? "mfabasedaccess";
      const { verifyProfile } = await import("./verify.js");
      const { codePrompt } = await import("../aws/code-prompt.js");
      const checks: Check[] = [];
      const session = await verifyProfile(
        profile,
        (check) => {
          checks.push(check);
          if (!options.json) process.stdout.write(checkText(check));
        },
        (command) =>
          codePrompt({
            fromInput: options.code,
            command: options.codeCommand ?? command,
            instead: INSTEAD,
          }),
      );
      const broken = checks.find((check) => check.outcome === "failed");
      if (options.json) {
        const result = { profile, ok: broken === undefined, checks, ...session };
        process.stdout.write(asIs(`${JSON.stringify(result, undefined, 2)}\n`));
      }
      process.exitCode = broken === undefined ? EXIT.done : EXIT[broken.exit];
    });
}
