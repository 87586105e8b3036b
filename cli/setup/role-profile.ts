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

/** What the person was given, and how they want it. */
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
 * Sees to it that the profile assumes the role: one that is there is kept unless the options say otherwise, and what is not known is
 * asked for.
 *
 * @returns the name of the first role's profile
 * @throws Failure (`credentials`) where the device is of another account than the access key
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
    : [profileFrom(roleFlags(await described({ ...options, name }, owner)))];
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

/** What the options say, then what the profile says, then what the person says. */
async function described(
  { name, sourceProfile, ...options }: RoleOptions & { readonly name: string },
  owner: KeyOwner,
): Promise<Readonly<Record<string, unknown>>> {
  const settings = await settingsIn(name);
  const roleArn = options.roleArn ?? settings.role_arn;
  const said = options.mfaSerial ?? settings.mfa_serial;
  const usable: readonly [string, ...string[]] = said ? [said] : await usableDevices(owner, sourceProfile);
  const known = {
    name,
    sourceProfile,
    roleArn,
    mfaSerial: roleArn === undefined ? usable[0] : await oneOf(usable),
    durationSeconds: options.durationSeconds ?? settings.duration_seconds,
    region: options.region ?? settings.region,
  };
  return known.roleArn === undefined
    ? { ...known, ...(await asked(usable[0], known.region ?? "us-east-1")) }
    : known;
}

/** The devices that the user can give codes of, the one that bears their name first; that one alone where none is enabled yet. */
async function usableDevices(owner: KeyOwner, profile: string): Promise<[string, ...string[]]> {
  const own = ownDevice(owner, owner.user);
  using aws = await connect({ profile });
  try {
    const enabled = (await enabledDevices(aws, owner.user)) ?? [];
    const serials = enabled.filter(givesCodes).map(({ serial }) => serial);
    const [first = own, ...others] = serials.sort((a, b) => Number(b === own) - Number(a === own));
    return [first, ...others];
  } catch (error) {
    // Enrolling comes next, and says what is wrong.
    if (error instanceof Failure) return [own];
    throw error;
  }
}

/** The device whose codes the profile asks for. Where nobody can be asked it is the first, and that is said. */
async function oneOf(serials: readonly [string, ...string[]]): Promise<string> {
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
      `You have several MFA devices: ${list}. The profile asks for codes of ${first}; for another one: --mfa-serial ARN\n`,
    );
    return first;
  }
}

function asked(device: string, likelyRegion: string) {
  const instead = "Give the role from your administrator: --role-arn ARN, or --from FILE.";
  return withTerminal(instead, async (terminal) => {
    const expected =
      (shape: { safeParse(text: string): { success: boolean } }, what: string) => (text: string) =>
        shape.safeParse(text).success ? undefined : `Expected ${what}.`;
    const roleArn = await askLine(terminal, {
      message: "ARN of your role, from your administrator:",
      mistake: expected(names.roleArn, "a role ARN, such as arn:aws:iam::111122223333:role/MFABasedAccess"),
    });
    const mfaSerial = await askLine(terminal, {
      message: "ARN of your MFA device:",
      default: device,
      mistake: expected(names.mfaSerial, "an MFA device ARN, such as arn:aws:iam::111122223333:mfa/alice"),
    });
    const region = await askLine(terminal, {
      message: "Region:",
      default: likelyRegion,
      mistake: expected(names.region, "a region, such as eu-central-1"),
    });
    return { roleArn, mfaSerial, region };
  });
}

/** Nobody's profiles are as long. */
const MOST_BYTES = 1024 * 1024;

async function textOf(path: string): Promise<string> {
  try {
    return await textIn(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("file", `${named(path)} cannot be read: ${reasonOf(error)}.`, "Check the path.");
  }
}
