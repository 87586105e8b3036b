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
    .summary("how far each user of the stack is, and what needs doing")
    .description(
      "One row for each user of the stack: in the group, the device, access keys, the last session. Who needs something " +
        "done comes first.",
    )
    .option("--profile <profile>", "the AWS profile to look with")
    .option("--max-key-days <n>", "how old an access key may be, and how long unused", "90")
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
