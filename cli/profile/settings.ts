import type { Wanted } from "../aws-config/edit";
import { Failure } from "../failure";

/** One profile to write. */
export interface Profile {
  readonly name: string;
  readonly wanted: Wanted;
}

export interface RoleFlags {
  readonly name: string;
  readonly roleArn: string;
  readonly mfaSerial: string;
  readonly sourceProfile: string;
  readonly durationSeconds: number;
  readonly region?: string | undefined;
}

/** Ways to get credentials that would come before the role, or beside it. */
const OTHER_SOURCES = [
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
];

/** AWS's limit where a session assumes a role: one hour. */
const CHAINED_SECONDS = 3600;

export function profileFrom(flags: RoleFlags): Profile {
  const settings: [string, string][] = [
    ["source_profile", flags.sourceProfile],
    ["role_arn", flags.roleArn],
    ["mfa_serial", flags.mfaSerial],
    ["duration_seconds", String(flags.durationSeconds)],
  ];
  if (flags.region) settings.push(["region", flags.region]);
  return { name: flags.name, wanted: role(settings) };
}

/** With other names and sources than the stack's text has. */
export function renamed(
  profiles: readonly Profile[],
  { name, sourceProfile }: { name?: string | undefined; sourceProfile?: string | undefined },
): Profile[] {
  const first = profiles[0]?.name ?? "";
  return profiles.map((profile) => ({
    name:
      name === undefined
        ? profile.name
        : profile.name === first
          ? name
          : `${name}${profile.name.startsWith(first) ? profile.name.slice(first.length) : `-${profile.name}`}`,
    wanted: sourceProfile ? new Map([...profile.wanted, ["source_profile", sourceProfile]]) : profile.wanted,
  }));
}

/**
 * The same roles with one code for all: each takes the session of `aws-mfa session` as its source. Nobody is asked for a
 * code then, so `mfa_serial` goes, and each role's session lasts an hour at most and is renewed by whoever uses it.
 *
 * @param command gives the command line that prints the credentials of a source profile's session
 */
export function oneCode(
  profiles: readonly Profile[],
  command: (source: { profile: string; mfaSerial: string; region: string | undefined }) => string,
): Profile[] {
  const sessions = new Map<string, Profile>();
  const roles = profiles.map(({ name, wanted }): Profile => {
    const profile = wanted.get("source_profile") ?? "default";
    const mfaSerial = wanted.get("mfa_serial") ?? "";
    const region = wanted.get("region");
    const session = `${profile}-mfa`;
    sessions.set(session, {
      name: session,
      wanted: new Map([
        ...OTHER_SOURCES.map((key) => [key, undefined] as const),
        ["role_arn", undefined],
        ["source_profile", undefined],
        ["mfa_serial", undefined],
        ["credential_process", command({ profile, mfaSerial, region })],
        ...(region ? [["region", region] as const] : []),
      ]),
    });
    const seconds = Math.min(Number(wanted.get("duration_seconds") ?? CHAINED_SECONDS), CHAINED_SECONDS);
    return {
      name,
      wanted: new Map([
        ...wanted,
        ["source_profile", session],
        ["mfa_serial", undefined],
        ["duration_seconds", String(seconds)],
      ]),
    };
  });
  return [...sessions.values(), ...roles];
}

/** A profile cannot be its own source, and two cannot have one name. Throws Failure (`usage`). */
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
      throw new Failure("usage", `Two profiles would be called ${name}.`, "Choose another one with --name.");
    }
  }
}

function role(settings: readonly (readonly [string, string])[]): Wanted {
  return new Map<string, string | undefined>([
    ...OTHER_SOURCES.map((key) => [key, undefined] as const),
    ...settings,
  ]);
}
