/** A role as a person reaches it from a terminal. */
export interface ProfileRole {
  readonly name: string;
  readonly arn: string;
  readonly sessionSeconds: number;
}

export interface ProfileSettings {
  readonly profileName: string;
  readonly sourceProfile: string;
  readonly region: string;
  readonly mfaSerial: string;
  readonly roles: readonly ProfileRole[];
}

const CAUTION = `\
# A session ends after duration_seconds, and a script that runs longer is cut off: its next call wants a
# new code, and nobody is there to type it. Start long work with a fresh session, or use a role whose
# sessions last as long as the work does. docs/sessions.md has the ways and their limits.`;

/**
 * The text for `~/.aws/config` with which the AWS command line asks for a code and assumes the role:
 * one profile for each role, the first with the configured name, the others with the role's name behind it.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa
 */
export function profileText({ roles, ...settings }: ProfileSettings): string {
  if (roles.length === 0) return "# No role of this stack can be assumed by this user.\n";
  const profiles = roles.map((role, index) =>
    [
      `[profile ${profileNameFor(settings.profileName, role.name, index)}]`,
      `source_profile = ${settings.sourceProfile}`,
      `role_arn = ${role.arn}`,
      `mfa_serial = ${settings.mfaSerial}`,
      `duration_seconds = ${role.sessionSeconds}`,
      `region = ${settings.region}`,
    ].join("\n"),
  );
  return `${[CAUTION, ...profiles].join("\n\n")}\n`;
}

/** `=` and `,` may stand in a role's name, and not in a profile's that every SDK reads. */
function profileNameFor(profileName: string, roleName: string, index: number): string {
  return index === 0 ? profileName : `${profileName}-${roleName.replaceAll(/[=,]/g, "-")}`;
}
