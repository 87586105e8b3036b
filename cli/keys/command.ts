import { Command, Option } from "commander";
import { z } from "zod";
import { accessKeyId, mfaSerial, profileName } from "../aws/names";
import { checked } from "../profile/flags";
import { requiredStack, type StackOptions, withStackOptions } from "../stack/options";
import { STORE_NAMES, type StoreName } from "./key-store";

interface Options {
  readonly profile: string;
  readonly mfaSerial?: string;
  readonly code?: boolean;
  readonly yes?: boolean;
}

interface RotateOptions extends Options {
  readonly keepIn?: StoreName;
  readonly discard?: string;
}

const flags = z.object({
  profile: profileName,
  mfaSerial: mfaSerial.optional(),
  discard: accessKeyId.optional(),
});

interface IssueOptions extends StackOptions {
  readonly profile?: string;
  readonly age?: string;
}

export function keysCommand(): Command {
  return new Command("keys")
    .summary("rotate your access key, with MFA; issue a user's first access key")
    .description("Replaces access keys safely, and can keep the secret in the keyring.")
    .addCommand(rotateCommand())
    .addCommand(deleteOldCommand())
    .addCommand(getCommand())
    .addCommand(issueCommand());
}

function rotateCommand(): Command {
  return withOwn(new Command("rotate"))
    .summary("give a profile a new access key, and make the old one inactive")
    .description(
      "Creates a new access key, checks that it works, writes it to the profile, and makes the old one inactive. Shows the plan " +
        "first, and resumes an unfinished run.",
    )
    .addOption(
      new Option("--keep-in <store>", "where to store the secret from now on").choices([...STORE_NAMES]),
    )
    .option("--discard <id>", "first delete this second key, which was never used")
    .action(async (options: RotateOptions) => {
      const { profile, mfaSerial, discard } = checked(flags, { ...options });
      const { rotate } = await import("./rotate.js");
      const { keepIn, code = false, yes = false } = options;
      await rotate(profile, { mfaSerial, discard, keepIn, code, yes });
    });
}

function deleteOldCommand(): Command {
  return withOwn(new Command("delete-old"))
    .summary("delete the old, inactive access key after a rotation")
    .description(
      "Deletes the old access key, unless it is active or was used after the rotation. This cannot be undone.",
    )
    .action(async (options: Options) => {
      const { profile, mfaSerial } = checked(flags, { ...options });
      const { deleteOld } = await import("./delete-old.js");
      const { code = false, yes = false } = options;
      await deleteOld(profile, { mfaSerial, code, yes });
    });
}

function getCommand(): Command {
  return new Command("get")
    .summary("print a key from the keyring, as a credential_process")
    .description(
      "Prints an access key for the AWS CLI and the SDKs. aws-mfa keys rotate writes this command to a profile.",
    )
    .argument("<id>", "the id of the access key")
    .action(async (id: string) => {
      checked(z.object({ id: accessKeyId }), { id });
      const { getKey } = await import("./get.js");
      await getKey(id);
    });
}

function issueCommand(): Command {
  return withStackOptions(new Command("issue"))
    .summary("create a user's first access key, to hand over")
    .description(
      "Creates USER's first access key. Shows it once, on a screen that the terminal does not keep, or prints it encrypted to USER.",
    )
    .argument("<user>", "the user of the stack")
    .option("--profile <profile>", "the AWS profile to use")
    .option("--age <recipient>", "print the key encrypted to USER's age public key")
    .action(async (user: string, options: IssueOptions) => {
      const choice = requiredStack(options);
      const { issue } = await import("./issue.js");
      await issue(user, choice, { profile: options.profile, age: options.age });
    });
}

function withOwn(command: Command): Command {
  return command
    .option("--profile <profile>", "the profile with the access key", "default")
    .option("--mfa-serial <arn>", "your MFA device; by default your first enabled one")
    .option("--code", "read the code from standard input")
    .option("-y, --yes", "do not ask for confirmation");
}
