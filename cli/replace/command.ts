import { Command, Option } from "commander";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly profile?: string;
  readonly png?: string;
  readonly showSeed?: boolean;
  readonly codes?: boolean;
  readonly prepare?: boolean;
  readonly yes?: boolean;
}

export function replaceCommand(): Command {
  return withStackOptions(new Command("replace"))
    .summary("replace the device of a user whose phone is lost")
    .description(
      "Deactivates USER's device, has the stack make a new one with a new seed, and enrols it. The plan is shown first; what " +
        "is done already is marked.",
    )
    .argument("<user>", "the user of the stack")
    .option("--profile <profile>", "the AWS profile to do it with")
    .option("--png <file>", "write the QR code to a file (mode 0600) instead of the screen")
    .option("--show-seed", "show the seed as text too, for an app that cannot scan")
    .option("--codes", "read the two codes of the new device from standard input, one a line")
    .addOption(
      new Option("--prepare", "have the new device made, and leave its codes to another run").conflicts([
        "codes",
        "png",
        "showSeed",
      ]),
    )
    .option("-y, --yes", "do what the plan says without asking")
    .action(async (user: string, options: Options) => {
      const choice = requiredStack(options);
      const { profile, png, showSeed = false, codes = false, prepare = false, yes = false } = options;
      const { replace } = await import("./replace.js");
      await replace(user, choice, { profile, png, showSeed, codes, prepare, yes });
    });
}
