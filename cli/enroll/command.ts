import { Command } from "commander";
import { Failure } from "../failure";
import { type StackOptions, stackChoice, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly self?: boolean;
  readonly profile?: string;
  readonly png?: string;
  readonly showSeed?: boolean;
  readonly codes?: boolean;
}

export function enrollCommand(): Command {
  return withStackOptions(new Command("enroll"))
    .summary("turn a user's MFA device on, with two codes from their phone")
    .description(
      "Shows the QR code of USER's device to scan, checks two codes in a row, and enables the device. " +
        "With --self for yourself, with the keys that you have.",
    )
    .argument("[user]", "the user of the stack")
    .option("--self", "for yourself, without the stack")
    .option("--profile <profile>", "the AWS profile to do it with")
    .option("--png <file>", "write the QR code to a file (mode 0600) instead of the screen")
    .option("--show-seed", "show the seed as text too, for an app that cannot scan")
    .option("--codes", "read the two codes from standard input, one a line, and show nothing")
    .action(async (user: string | undefined, options: Options) => {
      const { self = false, profile, png, showSeed = false, codes = false } = options;
      const choice = stackChoice(options);
      const how = { profile, png, showSeed, codes };
      if (self) {
        if (user !== undefined || choice !== undefined) {
          throw new Failure(
            "usage",
            "--self is for yourself, without a stack.",
            "Leave USER and --stack out.",
          );
        }
        const { enrollSelf } = await import("./by-user.js");
        await enrollSelf(how);
      } else if (user === undefined || choice === undefined) {
        throw new Failure(
          "usage",
          missing(user, choice?.stack),
          "An administrator gives USER and --stack NAME (pulumi stack ls shows which there are); a user for themselves --self.",
        );
      } else {
        const { enrollByAdministrator } = await import("./by-administrator.js");
        await enrollByAdministrator(user, choice, how);
      }
    });
}

function missing(user: string | undefined, stack: string | undefined): string {
  if (user !== undefined) return `No stack is named, only the user ${user}.`;
  return stack === undefined
    ? "Neither a user nor a stack is named."
    : `No user of the stack ${stack} is named.`;
}
