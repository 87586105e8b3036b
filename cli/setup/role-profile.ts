import { connect } from "../aws/connect";
import { enabledDevices, givesCodes } from "../aws/device";
import { assertAccount, ownDevice } from "../aws/identity";
import type { KeyOwner } from "../aws/key-owner";
import * as names from "../aws/names";
import { readConfigText } from "../aws-config/file";
import { configFile } from "../aws-config/location";
import { settingsIn } from "../aws-config/settings";
import { Failure, reasonOf } from "../failure";
import { named, textIn } from "../input";
import type { StoreName } from "../keys/key-store";
import { refuseRoleFlags, roleFlags } from "../profile/flags";
import { profilesInText } from "../profile/from-stack";
import { regionHint } from "../profile/region-hint";
import { assertDistinct, oneCode, profileFrom, renamed } from "../profile/settings";
import { writeProfiles } from "../profile/write";
import { askLine, askOne } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";

/** The role from the administrator, and the person's own choices. */
export interface RoleOptions {
  readonly from?: string;
  readonly roleArn?: string;
  readonly mfaSerial?: string;
  readonly durationSeconds?: string;
  readonly region?: string;
  readonly name?: string;
  readonly sourceProfile: string;
  readonly oneCode?: boolean;
  readonly keepIn?: StoreName;
  readonly yes?: boolean;
}

/**
 * Ensures that a profile assumes the role. An existing one is kept unless the options differ. Asks for missing values.
 *
 * @returns the name of the first role's profile
 * @throws Failure (`credentials`) if the device is in another account than the access key
 */
export async function roleProfile(options: RoleOptions, owner: KeyOwner): Promise<string> {
  const { name = "mfabasedaccess", sourceProfile, from } = options;
  if (from !== undefined) refuseRoleFlags(options, named(from));
  const { roleArn: givenRole, mfaSerial, durationSeconds, region, oneCode: isOneCode } = options;
  const isGiven = [from, givenRole, mfaSerial, durationSeconds, region, isOneCode].some(Boolean);
  const { role_arn: roleArn } = await settingsIn(name);
  if (!isGiven && roleArn) {
    process.stdout.write(`✓ The profile ${name} already assumes ${roleArn}.\n`);
    return name;
  }
  const plain = from
    ? renamed(profilesInText(named(from), await textOf(from)), {
        sourceProfile,
        ...(options.name !== undefined && { name: options.name }),
      })
    : [profileFrom(roleFlags(await roleValues({ ...options, name }, owner)))];
  for (const { wanted } of plain) {
    const serial = wanted.get("mfa_serial");
    if (serial?.startsWith("arn:")) assertAccount(owner, serial, OTHER_KEYS);
  }
  const profiles = isOneCode ? oneCode(plain) : plain;
  assertDistinct(profiles);
  await writeProfiles(configFile(), profiles, options.yes === true);
  process.stderr.write(regionHint(profiles, await readConfigText(configFile())));
  return plain[0]?.name ?? name;
}

const OTHER_KEYS = "Write the access key of that account to another profile: --source-profile NAME";

/** The role's values from the options, else from the profile, else from the person. */
async function roleValues(
  { name, sourceProfile, ...options }: RoleOptions & { readonly name: string },
  owner: KeyOwner,
): Promise<Readonly<Record<string, unknown>>> {
  const settings = await settingsIn(name);
  const {
    roleArn = settings.role_arn,
    mfaSerial = settings.mfa_serial,
    durationSeconds = settings.duration_seconds,
    region = settings.region,
  } = options;
  const known = { name, sourceProfile, durationSeconds };
  const serials: readonly [string, ...string[]] = mfaSerial
    ? [mfaSerial]
    : await usableDevices(owner, sourceProfile);
  return roleArn === undefined
    ? { ...known, ...(await askRole(serials[0], region ?? "us-east-1")) }
    : { ...known, roleArn, mfaSerial: await chooseDevice(serials), region };
}

/** The user's enabled devices that give codes, the one with the user's name first; only that one if none is enabled yet. */
async function usableDevices(owner: KeyOwner, profile: string): Promise<[string, ...string[]]> {
  const own = ownDevice(owner, owner.user);
  using aws = await connect({ profile });
  try {
    const enabled = (await enabledDevices(aws, owner.user)) ?? [];
    const serials = enabled.filter(givesCodes).map(({ serial }) => serial);
    const [first = own, ...others] = serials.sort((a, b) => Number(b === own) - Number(a === own));
    return [first, ...others];
  } catch (error) {
    // The next step enrolls a device, and reports the problem.
    if (error instanceof Failure) return [own];
    throw error;
  }
}

/** The device whose codes the profile asks for. If nobody can be asked, the first, with a note on standard error. */
async function chooseDevice(serials: readonly [string, ...string[]]): Promise<string> {
  const [first, ...others] = serials;
  if (others.length === 0) return first;
  const names = new Map(serials.map((serial) => [serial.split(":mfa/")[1] ?? serial, serial]));
  const list = [...names.keys()].join(", ");
  try {
    const answer = await withTerminal("", (terminal) =>
      askOne(terminal, "Which of your MFA devices?", [...names.keys()]),
    );
    return names.get(answer) ?? first;
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== "terminal") throw error;
    process.stderr.write(
      `You have several MFA devices: ${list}. The profile asks for codes of ${first}. To use another one: --mfa-serial ARN\n`,
    );
    return first;
  }
}

function askRole(device: string, likelyRegion: string) {
  const instead = "Give the role from your administrator: --role-arn ARN, or --from FILE.";
  return withTerminal(instead, async (terminal) => ({
    roleArn: await askLine(terminal, {
      message: "ARN of your role, from your administrator:",
      mistake: mistakeIn(names.roleArn),
    }),
    mfaSerial: await askLine(terminal, {
      message: "ARN of your MFA device:",
      default: device,
      mistake: mistakeIn(names.mfaSerial),
    }),
    region: await askLine(terminal, {
      message: "Region:",
      default: likelyRegion,
      mistake: mistakeIn(names.region),
    }),
  }));
}

const mistakeIn = (shape: typeof names.roleArn) => (text: string) => {
  const [issue] = shape.safeParse(text).error?.issues ?? [];
  return issue && `Expected ${issue.message}.`;
};

/** Far more than any real file. */
const MOST_BYTES = 1024 * 1024;

async function textOf(path: string): Promise<string> {
  try {
    return await textIn(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("file", `${named(path)} cannot be read: ${reasonOf(error)}.`, "Check the path.");
  }
}
