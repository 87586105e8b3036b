import { Command } from "commander";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly profile?: string;
  readonly yes?: boolean;
}

export function offboardCommand(): Command {
  return withStackOptions(new Command("offboard"))
    .summary("take all ways in from a user who leaves")
    .description(
      "Denies USER everything, makes the access keys inactive, removes the password, deactivates the devices and takes them " +
        "out of the groups. The plan is shown first; what is done already is marked.",
    )
    .argument("<user>", "the user of the stack")
    .option("--profile <profile>", "the AWS profile to do it with")
    .option("-y, --yes", "do what the plan says without asking")
    .action(async (user: string, options: Options) => {
      const choice = requiredStack(options);
      const { offboard } = await import("./offboard.js");
      await offboard(user, choice, { profile: options.profile, yes: options.yes === true });
    });
}
