import type { Wanted } from "../aws-config/edit";
import { Failure } from "../failure";
import type { RoleFlags } from "./flags";
import { sessionCommandLine } from "./session-command-line";

/** A profile to write. */
export interface Profile {
  readonly name: string;
  readonly wanted: Wanted;
}

/** The settings of a role's profile: the key of its option, and its name in the file. */
export const SETTINGS = [
  ["sourceProfile", "source_profile"],
  ["roleArn", "role_arn"],
  ["mfaSerial", "mfa_serial"],
  ["durationSeconds", "duration_seconds"],
  ["region", "region"],
] as const;

/** Removes other sources of credentials, which would take precedence over the role. */
const NO_OTHER_SOURCES = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "credential_process",
  "credential_source",
  "sso_account_id",
  "sso_region",
  "sso_role_name",
  "sso_session",
  "sso_start_url",
  "web_identity_token_file",
].map((key) => [key, undefined] as const);

/** AWS's limit for a role assumed from a session: one hour. */
const CHAINED_SECONDS = 3600;

export function profileFrom(flags: RoleFlags): Profile {
  const settings = SETTINGS.flatMap(([key, setting]) =>
    flags[key] ? [[setting, String(flags[key])] as const] : [],
  );
  return {
    name: flags.name,
    wanted: new Map<string, string | undefined>([...NO_OTHER_SOURCES, ...settings]),
  };
}

/** The same profiles with another name or source. `name` replaces the first profile's name, and the prefix of the others. */
export function renamed(
  profiles: readonly Profile[],
  { name, sourceProfile }: { name?: string | undefined; sourceProfile?: string | undefined },
): Profile[] {
  const first = profiles[0]?.name ?? "";
  const nameOf = (old: string) => {
    if (name === undefined) return old;
    return old.startsWith(first) ? `${name}${old.slice(first.length)}` : `${name}-${old}`;
  };
  return profiles.map((profile) => ({
    name: nameOf(profile.name),
    wanted: sourceProfile ? new Map([...profile.wanted, ["source_profile", sourceProfile]]) : profile.wanted,
  }));
}

/**
 * The same roles with one code for all: their source is the session of `aws-mfa session`. The roles then need no code, so `mfa_serial`
 * is removed, and each role session lasts at most an hour, after which the tool that uses it renews it.
 *
 * @param seconds how long a new session lasts; by default as long as `aws-mfa session` makes it
 */
export function oneCode(profiles: readonly Profile[], seconds?: number): Profile[] {
  const sessions = new Map<string, Profile>();
  const roles = profiles.map(({ name, wanted }): Profile => {
    const profile = wanted.get("source_profile") ?? "default";
    const mfaSerial = wanted.get("mfa_serial") ?? "";
    const region = wanted.get("region");
    const session = `${profile}-mfa`;
    sessions.set(session, {
      name: session,
      wanted: new Map([
        ...NO_OTHER_SOURCES,
        ["role_arn", undefined],
        ["source_profile", undefined],
        ["mfa_serial", undefined],
        ["credential_process", sessionCommandLine({ profile, mfaSerial, region, seconds })],
        ...(region ? [["region", region] as const] : []),
      ]),
    });
    const duration = Math.min(Number(wanted.get("duration_seconds") ?? CHAINED_SECONDS), CHAINED_SECONDS);
    return {
      name,
      wanted: new Map([
        ...wanted,
        ["source_profile", session],
        ["mfa_serial", undefined],
        ["duration_seconds", String(duration)],
      ]),
    };
  });
  return [...sessions.values(), ...roles];
}

/** Throws Failure (`usage`) if a profile is its own source, or two have the same name. */
export function assertDistinct(profiles: readonly Profile[]): void {
  for (const [index, { name, wanted }] of profiles.entries()) {
    if (wanted.get("source_profile") === name) {
      throw new Failure(
        "usage",
        `The profile ${name} would be its own source.`,
        "Set --source-profile to the profile with your access keys, or --name to another name.",
      );
    }
    if (profiles.findIndex((other) => other.name === name) !== index) {
      throw new Failure("usage", `Two profiles would be called ${name}.`, "Choose another name with --name.");
    }
  }
}
