/** A role that a user may assume. */
export interface ProfileRole {
  readonly name: string;
  readonly arn: string;
  readonly sessionSeconds: number;
}

/** A profile for `~/.aws/config`, with which the AWS CLI asks for a code and assumes a role. */
export interface Profile {
  /** The profile's name. */
  readonly name: string;
  /** The ARN of the role that it assumes. */
  readonly roleArn: string;
  /** The name of the profile that holds the user's access keys. */
  readonly sourceProfile: string;
  /** The session duration, in seconds. */
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
# A session ends after duration_seconds. A script that runs longer is
# interrupted: its next call needs a new code. Start long work with a new
# session, or use a role with longer sessions. See docs/sessions.md.`;

/** One profile for each role: the first has the configured name, each other one the role's name appended. */
export function profilesFor({ roles, profileName, ...settings }: ProfileSettings): Profile[] {
  return roles.map(({ name, arn, sessionSeconds }, index) => ({
    ...settings,
    name: profileNameFor(profileName, name, index),
    roleArn: arn,
    durationSeconds: sessionSeconds,
  }));
}

/**
 * The profiles as text for `~/.aws/config`. `pulumi up` prints only the first three lines, so the essential settings come first.
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

/** A role's name may contain `=` and `,`, which not every SDK reads in a profile's name. */
function profileNameFor(profileName: string, roleName: string, index: number): string {
  return index === 0 ? profileName : `${profileName}-${roleName.replaceAll(/[=,]/g, "-")}`;
}
