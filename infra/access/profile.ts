/** A role as a person reaches it from a terminal. */
export interface ProfileRole {
  readonly name: string;
  readonly arn: string;
  readonly sessionSeconds: number;
}

/** A profile for `~/.aws/config` with which the AWS command line asks for a code and assumes a role. */
export interface Profile {
  /** The profile's name. */
  readonly name: string;
  /** The ARN of the role that it assumes. */
  readonly roleArn: string;
  /** The name of the profile that holds the user's access keys. */
  readonly sourceProfile: string;
  /** How long a session lasts, in seconds. */
  readonly durationSeconds: number;
  /** The AWS region. */
  readonly region: string;
}

export interface ProfileSettings {
  readonly profileName: string;
  readonly sourceProfile: string;
  readonly region: string;
  readonly roles: readonly ProfileRole[];
}

const CAUTION = `\
# A session ends after duration_seconds. A script that runs longer is interrupted: its next call needs a
# new code, and nobody is there to enter it. Start long work with a fresh session, or use a role with
# longer sessions. See docs/sessions.md.`;

/** One profile for each role: the first with the configured name, the others with the role's name behind it. */
export function profilesFor({ roles, profileName, ...settings }: ProfileSettings): Profile[] {
  return roles.map(({ name, arn, sessionSeconds }, index) => ({
    ...settings,
    name: profileNameFor(profileName, name, index),
    roleArn: arn,
    durationSeconds: sessionSeconds,
  }));
}

/**
 * The profiles as text for `~/.aws/config`. `pulumi up` prints its first three lines, so what counts most comes first.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa
 */
export function profileText(profiles: readonly Profile[], mfaSerial: string): string {
  if (profiles.length === 0) return "# No role of this stack can be assumed by this user.\n";
  const sections = profiles.map((profile) =>
    [
      `[profile ${profile.name}]`,
      `role_arn = ${profile.roleArn}`,
      `mfa_serial = ${mfaSerial}`,
      `source_profile = ${profile.sourceProfile}`,
      `duration_seconds = ${profile.durationSeconds}`,
      `region = ${profile.region}`,
    ].join("\n"),
  );
  return `${[...sections, CAUTION].join("\n\n")}\n`;
}

/** `=` and `,` may stand in a role's name, and not in a profile's that every SDK reads. */
function profileNameFor(profileName: string, roleName: string, index: number): string {
  return index === 0 ? profileName : `${profileName}-${roleName.replaceAll(/[=,]/g, "-")}`;
}
