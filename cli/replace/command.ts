import { Command, Option } from "commander";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly device?: string;
  readonly profile?: string;
  readonly png?: string;
  readonly showSeed?: boolean;
  readonly codes?: boolean;
  readonly prepare?: boolean;
  readonly yes?: boolean;
}

export function replaceCommand(): Command {
  return withStackOptions(new Command("replace"))
    .summary("replace the MFA device of a user who lost their phone")
    .description(
      "Deactivates USER's device, lets the stack create a new one with a new seed, and enrolls it. Shows the plan first, and " +
        "marks what is already done.",
    )
    .argument("<user>", "the user of the stack")
    .option("--device <name>", "the device's name, if the user has several")
    .option("--profile <profile>", "the AWS profile to use")
    .option("--png <file>", "write the QR code to a file (mode 0600) instead of the screen")
    .option("--show-seed", "also show the seed as text, for an app that cannot scan")
    .option("--codes", "read the two codes of the new device from standard input, one per line")
    .addOption(
      new Option("--prepare", "create the new device, and enter its codes in another run").conflicts([
        "codes",
        "png",
        "showSeed",
      ]),
    )
    .option("-y, --yes", "do not ask for confirmation")
    .action(async (user: string, options: Options) => {
      const choice = requiredStack(options);
      const { device, profile, png, showSeed = false, codes = false, prepare = false, yes = false } = options;
      const { replace } = await import("./replace.js");
      await replace(user, choice, { device, profile, png, showSeed, codes, prepare, yes });
    });
}
