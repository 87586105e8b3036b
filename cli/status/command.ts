import { Command } from "commander";
import { z } from "zod";
import { EXIT } from "../failure";
import { checked, wholeNumber } from "../profile/flags";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly profile?: string;
  readonly maxKeyDays: string;
  readonly json?: boolean;
}

const flags = z.object({ maxKeyDays: wholeNumber(1, 3650, "days") });

export function statusCommand(): Command {
  return withStackOptions(new Command("status"))
    .summary("show the MFA setup of each user of the stack, and what needs doing")
    .description(
      "Prints one row for each user of the stack: group, device, access keys, last session. Users who need " +
        "action come first.",
    )
    .option("--profile <profile>", "the AWS profile to use")
    .option("--max-key-days <n>", "the maximum age of an access key, and of its last use", "90")
    .option("--json", "print the rows as JSON")
    .action(async (options: Options) => {
      const choice = requiredStack(options);
      const { maxKeyDays } = checked(flags, { maxKeyDays: options.maxKeyDays });
      const { status } = await import("./status.js");
      const failed = await status(choice, {
        profile: options.profile,
        maxKeyDays,
        json: options.json === true,
      });
      process.exitCode = failed ? EXIT[failed.exit] : EXIT.done;
    });
}
