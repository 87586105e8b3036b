import type { AwsCredentialIdentity } from "@smithy/types";
import { closest } from "fastest-levenshtein";
import { credentialsOf, otherSetting } from "../aws-config/credentials";
import { profileName } from "../aws-config/edit";
import { readConfigText } from "../aws-config/file";
import { parseIni, type Section, UnreadableIni, valuesOf } from "../aws-config/ini";
import { configFile, credentialsFile } from "../aws-config/location";
import { sessionOf } from "../aws-config/own-command";
import type { Settings } from "../aws-config/settings";
import { keyStore } from "../keys/key-store";
import { keyIdOf } from "../keys/profile-keys";
import { DeadEnd, failed } from "./check";

/** A profile that assumes a role, as the AWS CLI reads it. */
export interface Chain {
  readonly profile: string;
  readonly source: string;
  readonly roleArn: string;
  /** Absent where the source is a session that was started with a code already. */
  readonly mfaSerial: string | undefined;
  readonly durationSeconds: number | undefined;
  /** The region of the requests; the source profile's where the profile has none. */
  readonly region: string | undefined;
  /** Whether the AWS CLI knows a region with this profile: it does not take the source profile's. */
  readonly hasRegion: boolean;
  readonly origin: Origin;
}

/** Where the source profile's credentials come from. */
export type Origin =
  /** Access keys that stand in the source profile itself, or in the keyring for it. */
  | { readonly kind: "keys"; readonly keys: AwsCredentialIdentity }
  /** `aws-mfa session`, which starts it with a code from the access keys of another profile. */
  | { readonly kind: "session"; readonly profile: string; readonly mfaSerial: string | undefined }
  /** Anything else: the setting that says it. */
  | { readonly kind: "other"; readonly setting: string };

const LEAST_SECONDS = 900;
const MOST_SECONDS = 43200;
const CHAINED_SECONDS = 3600;

type Profiles = Readonly<Record<string, Settings | undefined>>;

/** Reads the profile. Throws DeadEnd with everything that is wrong with it. */
export async function readChain(profile: string): Promise<Chain> {
  const profiles = await readProfiles();
  const settings = profiles[profile];
  if (settings === undefined) throw new DeadEnd(noSuchProfile(profile, profiles));
  const { role_arn: roleArn, source_profile: source } = settings;
  if (!roleArn && credentialsOf(settings) !== "none") throw new DeadEnd(noRole(profile, settings));
  const mistakes: string[] = [];
  if (!roleArn) mistakes.push("it has no role_arn");
  if (!source) mistakes.push("it has no source_profile");
  else if (!profiles[source]) mistakes.push(`its source_profile ${source} is not there`);
  const circle = circleOf(profile, profiles);
  if (circle) mistakes.push(`its source_profile leads back to where it began: ${circle.join(" → ")}`);
  const origin = circle ? undefined : await originOf((source ? profiles[source] : undefined) ?? {});
  if (source && profiles[source] && !origin && !circle) {
    mistakes.push(`its source_profile ${source} has neither access keys nor another way to get credentials`);
  }
  const { mfa_serial: mfaSerial, duration_seconds: duration } = settings;
  const byKeys = origin?.kind === "keys";
  if (byKeys && !mfaSerial) mistakes.push("it has no mfa_serial, so nobody is asked for a code");
  const most = byKeys ? MOST_SECONDS : CHAINED_SECONDS;
  const seconds = duration === undefined ? undefined : Number(duration);
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= LEAST_SECONDS && seconds <= most)) {
    const why = byKeys ? "" : ", since a session assumes the role";
    mistakes.push(
      `duration_seconds is ${duration}; expected a whole number from ${LEAST_SECONDS} to ${most}${why}`,
    );
  }
  if (mistakes.length > 0 || !roleArn || !source || !origin) {
    throw new DeadEnd(
      failed(
        "profile",
        `The profile ${profile} cannot work: ${mistakes.join("; ")}.`,
        "Write it again: aws-mfa profile",
        "file",
      ),
    );
  }
  return {
    profile,
    source,
    roleArn,
    mfaSerial,
    durationSeconds: seconds,
    region: settings.region ?? profiles[source]?.region,
    hasRegion: Boolean(settings.region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION),
    origin,
  };
}

/** Every request with such a profile is signed with what it has, and no role is assumed. */
function noRole(profile: string, settings: Settings) {
  const what = {
    keys: "access keys",
    process: "a credential_process",
    other: `${otherSetting(settings)}${settings.login_session ? " (aws login signs in through the console)" : ""}`,
    none: "nothing",
  }[credentialsOf(settings)];
  return failed(
    "profile",
    `The profile ${profile} has ${what} and no role_arn: with it the AWS CLI assumes no role, and asks for no code.`,
    "Name the profile that assumes your role (aws-mfa verify PROFILE), or write one: aws-mfa profile",
    "file",
  );
}

/**
 * The profiles from `profile` to the one that names an earlier one as its source. A profile with access keys ends the way for
 * the AWS CLI, also where it is its own source.
 */
function circleOf(profile: string, profiles: Profiles): readonly string[] | undefined {
  const seen = [profile];
  for (let source = profiles[profile]?.source_profile; source; source = profiles[source]?.source_profile) {
    if (credentialsOf(profiles[source] ?? {}) === "keys") return undefined;
    if (seen.includes(source)) return [...seen, source];
    seen.push(source);
  }
  return undefined;
}

async function originOf(settings: Settings): Promise<Origin | undefined> {
  switch (credentialsOf(settings)) {
    case "keys": {
      const {
        aws_access_key_id = "",
        aws_secret_access_key = "",
        aws_session_token: sessionToken,
      } = settings;
      const keys = { accessKeyId: aws_access_key_id, secretAccessKey: aws_secret_access_key };
      return { kind: "keys", keys: { ...keys, ...(sessionToken && { sessionToken }) } };
    }
    case "process": {
      const id = keyIdOf(settings);
      const kept = id === undefined ? undefined : await (await keyStore("keyring")).read(id);
      if (kept) return { kind: "keys", keys: { accessKeyId: kept.id, secretAccessKey: kept.secret } };
      const session = sessionOf(settings.credential_process ?? "");
      return session ? { kind: "session", ...session } : { kind: "other", setting: "credential_process" };
    }
    case "other":
      return { kind: "other", setting: otherSetting(settings) };
    case "none":
      return undefined;
  }
}

function noSuchProfile(profile: string, profiles: Profiles) {
  const names = Object.keys(profiles);
  const near = names.length > 0 ? ` The nearest is ${closest(profile, names)}.` : "";
  return failed(
    "profile",
    `There is no profile ${profile} in ${configFile()}.${near}`,
    "Write it: aws-mfa profile, or name another one: aws-mfa verify PROFILE",
    "file",
  );
}

/**
 * All profiles as the AWS CLI reads them, and not as the SDKs do: these take ` # …` after a value for a comment, and the
 * same section twice. Where both files have a setting, the credentials file's counts.
 */
async function readProfiles(): Promise<Profiles> {
  const profiles = new Map<string, Settings>();
  const files = { config: configFile(), credentials: credentialsFile() };
  for (const kind of ["config", "credentials"] as const) {
    for (const section of await sectionsOf(files[kind])) {
      const name = profileName(section.header, kind);
      if (name !== undefined) profiles.set(name, { ...profiles.get(name), ...valuesOf(section) });
    }
  }
  return Object.fromEntries(profiles);
}

async function sectionsOf(path: string): Promise<readonly Section[]> {
  const text = await readConfigText(path);
  try {
    return parseIni(text).sections;
  } catch (error) {
    if (!(error instanceof UnreadableIni)) throw error;
    throw new DeadEnd(
      failed(
        "profile",
        `${path}, line ${error.line}: found ${error.found}. The AWS CLI cannot read this file.`,
        error.line === 1 && text.startsWith("\ufeff")
          ? "Save it as UTF-8 without a byte order mark."
          : "Fix that line.",
        "file",
      ),
    );
  }
}
