import { Command } from "commander";
import { z } from "zod";
import { readConfigText } from "../aws-config/file";
import { configFile } from "../aws-config/location";
import { Failure } from "../failure";
import { chosenDevice } from "../stack/choose-device";
import { type StackOptions, stackChoice, withStackOptions } from "../stack/options";
import { type DeployedUser, stackOutputs, type UserDevice, userOf } from "../stack/outputs";
import { asIs } from "../terminal/escape-controls";
import { besideOthers } from "./beside";
import { checked, refuseRoleFlags, roleFlags, seconds } from "./flags";
import { profilesFromStack } from "./from-stack";
import { regionHint } from "./region-hint";
import { assertDistinct, oneCode, type Profile, profileFrom, renamed } from "./settings";
import { forTool, toolOption } from "./tools";
import { profileText, writeProfiles } from "./write";

interface Options extends StackOptions {
  readonly device?: string;
  readonly roleArn?: string;
  readonly mfaSerial?: string;
  readonly name?: string;
  readonly sourceProfile?: string;
  readonly durationSeconds?: string;
  readonly region?: string;
  readonly oneCode?: boolean;
  readonly sessionSeconds?: string;
  readonly for?: string;
  readonly print?: boolean;
  readonly yes?: boolean;
}

export function profileCommand(): Command {
  return withStackOptions(new Command("profile"))
    .summary("write the profile that asks for a code to ~/.aws/config")
    .description(
      "Writes the profiles of USER to ~/.aws/config (or AWS_CONFIG_FILE), from the stack's outputs or from flags.",
    )
    .argument("[user]", "the user of the stack")
    .option("--device <name>", "the device, if the user has several")
    .option("--role-arn <arn>", "without a stack: the role")
    .option("--mfa-serial <arn>", "without a stack: the device")
    .option("--duration-seconds <n>", "without a stack: how long a session lasts, 900 to 43200")
    .option("--region <region>", "without a stack: the region")
    .option("--name <profile>", "the name of the profile")
    .option("--source-profile <profile>", "the profile with the access keys")
    .option("--one-code", "one code a day for all roles, through aws-mfa session")
    .option("--session-seconds <n>", "with --one-code: how long one code lasts, 900 to 129600")
    .addOption(toolOption())
    .option("--print", "print the lines and write nothing")
    .option("-y, --yes", "update a profile of the same name without asking")
    .action(async (user: string | undefined, options: Options) => {
      const requested = await requestedProfiles(user, options);
      const length = sessionSeconds(options);
      const shared = options.oneCode ? oneCode(requested, length) : requested;
      const all = options.for ? forTool(options.for, shared, options.oneCode === true) : shared;
      assertDistinct(all);
      const isBeside =
        options.oneCode && options.name !== undefined && length === undefined && !options.print;
      const profiles = isBeside
        ? besideOthers(all, options.name, configFile(), await readConfigText(configFile()))
        : all;
      if (options.print) process.stdout.write(asIs(profileText(profiles)));
      else await writeProfiles(configFile(), profiles, options.yes === true);
      const text = options.print ? profileText(profiles) : await readConfigText(configFile());
      process.stderr.write(regionHint(profiles, text));
    });
}

async function requestedProfiles(user: string | undefined, options: Options): Promise<Profile[]> {
  const choice = stackChoice(options);
  if (choice === undefined) {
    if (user !== undefined) {
      throw new Failure("usage", "USER needs --stack.", "Add --stack NAME.");
    }
    if (options.device !== undefined) {
      throw new Failure(
        "usage",
        "--device needs --stack.",
        "Without a stack, name the device: --mfa-serial ARN",
      );
    }
    if (options.roleArn === undefined && options.mfaSerial === undefined) {
      throw new Failure(
        "usage",
        "Missing --stack or --role-arn.",
        "Give USER and --stack NAME or, without access to the stack, --role-arn ARN and --mfa-serial ARN.",
      );
    }
    return [profileFrom(roleFlags({ ...options }))];
  }
  refuseRoleFlags(options, "The stack");
  if (user === undefined) {
    throw new Failure("usage", "Missing USER for --stack.", "Use: aws-mfa profile USER --stack …");
  }
  const found = userOf(choice, await stackOutputs(choice), user);
  const { serial: mfaSerial } = await deviceFor(user, found.devices, options.device);
  const profiles = profilesFromStack(choice, { ...found, mfaSerial }, user);
  return renamed(profiles, checkedNames(options));
}

/** If nobody can be asked, the first device, as in the stack's own profiles, with a note on standard error. */
async function deviceFor(
  user: string,
  devices: DeployedUser["devices"],
  named: string | undefined,
): Promise<UserDevice> {
  try {
    return await chosenDevice(user, devices, named);
  } catch (error) {
    const [first] = devices;
    if (!(error instanceof Failure) || error.exit !== "terminal" || first === undefined) throw error;
    process.stderr.write(
      `${user} has the devices ${devices.map(({ name }) => name).join(", ")}. The profile asks for codes of ${first.name}. To use another one: --device NAME\n`,
    );
    return first;
  }
}

/** How long the session of one code lasts; `undefined` for the default. */
function sessionSeconds({ oneCode, sessionSeconds }: Options): number | undefined {
  if (sessionSeconds === undefined) return undefined;
  if (!oneCode) {
    throw new Failure("usage", "--session-seconds needs --one-code.", "Add --one-code.");
  }
  return checked(z.object({ sessionSeconds: seconds(900, 129_600) }), { sessionSeconds }).sessionSeconds;
}

function checkedNames({ name, sourceProfile }: Options) {
  const names = {
    ...(name !== undefined && { name }),
    ...(sourceProfile !== undefined && { sourceProfile }),
  };
  const placeholder = "arn:aws:iam::111122223333:";
  roleFlags({ ...names, roleArn: `${placeholder}role/any`, mfaSerial: `${placeholder}mfa/any` });
  return names;
}
