import { settingsIn } from "../aws/connect";
import { assertAccount, ownDevice } from "../aws/identity";
import type { KeyOwner } from "../aws/key-owner";
import * as names from "../aws/names";
import { readConfigText } from "../aws-config/file";
import { configFile } from "../aws-config/location";
import { Failure, reasonOf } from "../failure";
import { named, textIn } from "../input";
import type { Place } from "../keys/key-store";
import { refuseRoleFlags, roleFlags } from "../profile/flags";
import { profilesInText } from "../profile/from-stack";
import { regionHint } from "../profile/region-hint";
import { sessionCommandLine } from "../profile/session-command-line";
import { assertDistinct, oneCode, profileFrom, renamed } from "../profile/settings";
import { writeProfiles } from "../profile/write";
import { askLine } from "../terminal/ask";
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
  readonly keepIn?: Place;
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
  const profiles = options.oneCode
    ? oneCode(plain, (source) => sessionCommandLine({ ...source, seconds: undefined }))
    : plain;
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
  const known = {
    name,
    sourceProfile,
    roleArn: options.roleArn ?? settings.role_arn,
    mfaSerial: options.mfaSerial ?? settings.mfa_serial ?? ownDevice(owner, owner.user),
    durationSeconds: options.durationSeconds ?? settings.duration_seconds,
    region: options.region ?? settings.region,
  };
  return known.roleArn === undefined
    ? { ...known, ...(await asked(known.mfaSerial, known.region ?? "us-east-1")) }
    : known;
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
