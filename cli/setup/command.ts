import { Command, Option } from "commander";
import { Interrupted } from "../failure";
import { STORE_NAMES } from "../keys/key-store";
import type { RoleOptions } from "./role-profile";

export function setupCommand(): Command {
  return new Command("setup")
    .summary("set up this computer: access key, profile, MFA device, first session")
    .description(
      "Sets up this computer with the access key and the role from your administrator, up to a working session. You can stop it and run " +
        "it again at any point: finished steps are skipped.",
    )
    .option("--role-arn <arn>", "your role")
    .option("--mfa-serial <arn>", "your MFA device; by default your enabled one; asks if there are several")
    .option("--region <region>", "the region of the profile")
    .option("--duration-seconds <n>", "how long a session lasts, 900 to 43200")
    .option(
      "--from <file>",
      "the lines of aws-mfa profile --print, instead of the options above; - is standard input",
    )
    .option("--name <profile>", "the profile that assumes the role; by default mfabasedaccess")
    .option("--source-profile <profile>", "the profile for your access key", "default")
    .option("--one-code", "one code a day for all roles, through aws-mfa session")
    .addOption(
      new Option("--keep-in <store>", "where to store the secret of a new access key").choices([
        ...STORE_NAMES,
      ]),
    )
    .option("-y, --yes", "update a profile of the same name without asking")
    .action(async (options: RoleOptions) => {
      try {
        const { setUp } = await import("./setup.js");
        process.exitCode = await setUp(options);
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        throw new Interrupted(`In this step: ${error.remedy}\n${AGAIN}`);
      }
    });
}

const AGAIN = "Run the same command again to continue: steps that are done are skipped.";
