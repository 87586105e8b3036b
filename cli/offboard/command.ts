import { Command } from "commander";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly profile?: string;
  readonly yes?: boolean;
}

export function offboardCommand(): Command {
  return withStackOptions(new Command("offboard"))
    .summary("revoke all access of a user who leaves")
    .description(
      "Denies USER everything, deactivates the access keys, deletes the password, deactivates the devices and removes USER " +
        "from the groups. Shows the plan first, and marks what is already done.",
    )
    .argument("<user>", "the user of the stack")
    .option("--profile <profile>", "the AWS profile to use")
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (user: string, options: Options) => {
      const choice = requiredStack(options);
      const { offboard } = await import("./offboard.js");
      await offboard(user, choice, { profile: options.profile, yes: options.yes === true });
    });
}
