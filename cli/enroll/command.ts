import { Command } from "commander";
import { z } from "zod";
import { deviceName } from "../aws/names";
import { Failure } from "../failure";
import { checked } from "../profile/flags";
import { type StackOptions, stackChoice, withStackOptions } from "../stack/options";

interface Options extends StackOptions {
  readonly self?: boolean;
  readonly device?: string;
  readonly profile?: string;
  readonly png?: string;
  readonly showSeed?: boolean;
  readonly codes?: boolean;
}

const flags = z.object({ device: deviceName.optional() });

export function enrollCommand(): Command {
  return withStackOptions(new Command("enroll"))
    .summary("enable an MFA device of a user with two codes from their phone")
    .description(
      "Shows the QR code of USER's device to scan, checks two consecutive codes, and enables the device. " +
        "Use --self for your own device, with your own access keys.",
    )
    .argument("[user]", "the user of the stack")
    .option("--self", "enroll your own device, without the stack")
    .option(
      "--device <name>",
      "the device's name, if there are several; with --self, that of a further device",
    )
    .option("--profile <profile>", "the AWS profile to use")
    .option("--png <file>", "write the QR code to a file (mode 0600) instead of the screen")
    .option("--show-seed", "also show the seed as text, for an app that cannot scan")
    .option("--codes", "read the two codes from standard input, one per line, and show no QR code")
    .action(async (user: string | undefined, options: Options) => {
      const { self = false, device, profile, png, showSeed = false, codes = false } = options;
      const choice = stackChoice(options);
      const how = { profile, png, showSeed, codes };
      if (self) {
        if (user !== undefined || choice !== undefined) {
          throw new Failure(
            "usage",
            "--self is for your own device, without a stack.",
            "Omit USER and --stack.",
          );
        }
        const { enrollSelf } = await import("./by-user.js");
        await enrollSelf({ ...how, ...checked(flags, { device }) });
      } else if (user === undefined || choice === undefined) {
        throw new Failure(
          "usage",
          missing(user, choice?.stack),
          "Administrators: give USER and --stack NAME (pulumi stack ls lists stacks). For your own device: --self.",
        );
      } else {
        const { enrollByAdministrator } = await import("./by-administrator.js");
        await enrollByAdministrator(user, choice, { ...how, device });
      }
    });
}

function missing(user: string | undefined, stack: string | undefined): string {
  if (user !== undefined) return `Missing --stack for the user ${user}.`;
  return stack === undefined ? "Missing USER and --stack." : `Missing USER for the stack ${stack}.`;
}
