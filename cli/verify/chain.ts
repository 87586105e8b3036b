import type { AwsCredentialIdentity } from "@smithy/types";
import { closest } from "fastest-levenshtein";
import { credentialsOf, otherSetting } from "../aws-config/credentials";
import { profileName } from "../aws-config/edit";
import { readConfigText } from "../aws-config/file";
import { parseIni, type Section, UnreadableIni, valuesOf } from "../aws-config/ini";
import { configFile, credentialsFile } from "../aws-config/location";
import { sessionOf } from "../aws-config/own-command";
import type { Settings } from "../aws-config/settings";
import { Failure } from "../failure";
import { keyStore } from "../keys/key-store";
import { keyIdOf } from "../keys/profile-keys";

/** A profile that assumes a role, as the AWS CLI reads it. */
export interface Chain {
  readonly profile: string;
  readonly source: string;
  readonly roleArn: string;
  /** Absent if the source is a session that was already started with a code. */
  readonly mfaSerial: string | undefined;
  readonly durationSeconds: number | undefined;
  /** The region of the requests: the profile's, else the source profile's. */
  readonly region: string | undefined;
  /** Whether the AWS CLI has a region with this profile: it does not use the source profile's. */
  readonly hasRegion: boolean;
  readonly origin: Origin;
}

/** Where the source profile's credentials come from. */
export type Origin =
  /** Access keys in the source profile itself, or in the keyring for it. */
  | { readonly kind: "keys"; readonly keys: AwsCredentialIdentity }
  /** `aws-mfa session`, which starts it with a code from the access keys of another profile. */
  | { readonly kind: "session"; readonly profile: string; readonly mfaSerial: string | undefined }
  /** Anything else. */
  | { readonly kind: "other" };

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const LEAST_SECONDS = 900;
const MOST_SECONDS = 43200;
const MOST_CHAINED_SECONDS = 3600;

type Profiles = ReadonlyMap<string, Settings>;

/** Reads the profile. Throws Failure (`file`) with everything that is wrong with it. */
export async function readChain(profile: string): Promise<Chain> {
  const profiles = await readProfiles();
  const settings = profiles.get(profile);
  if (settings === undefined) throw noSuchProfile(profile, [...profiles.keys()]);
  const { role_arn: roleArn, source_profile: source, mfa_serial: mfaSerial } = settings;
  if (!roleArn && credentialsOf(settings) !== "none") throw noRole(profile, settings);
  const sourceSettings = source ? profiles.get(source) : undefined;
  const loop = loopOf(profile, profiles);
  const origin = loop ? undefined : await originOf(sourceSettings ?? {});
  const byKeys = origin?.kind === "keys";
  const most = byKeys ? MOST_SECONDS : MOST_CHAINED_SECONDS;
  const seconds = settings.duration_seconds === undefined ? undefined : Number(settings.duration_seconds);
  const isOutside =
    seconds !== undefined && !(Number.isInteger(seconds) && seconds >= LEAST_SECONDS && seconds <= most);
  const mistakes = [
    !roleArn && "it has no role_arn",
    !source && "it has no source_profile",
    source && !sourceSettings && `its source_profile ${source} does not exist`,
    loop && `its source_profile forms a loop: ${loop.join(" → ")}`,
    sourceSettings &&
      !origin &&
      !loop &&
      `its source_profile ${source} has neither access keys nor another way to get credentials`,
    byKeys && !mfaSerial && "it has no mfa_serial, so nobody is asked for a code",
    isOutside &&
      `duration_seconds is ${settings.duration_seconds}; expected a whole number from ${LEAST_SECONDS} to ${most}${byKeys ? "" : ", since a session assumes the role"}`,
  ].filter(Boolean);
  if (mistakes.length > 0 || !roleArn || !source || !origin) {
    const problem = `The profile ${profile} cannot work: ${mistakes.join("; ")}.`;
    throw new Failure("file", problem, "Write it again: aws-mfa profile");
  }
  return {
    profile,
    source,
    roleArn,
    mfaSerial,
    durationSeconds: seconds,
    region: settings.region ?? sourceSettings?.region,
    hasRegion: Boolean(settings.region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION),
    origin,
  };
}

/** A profile with credentials and no role signs every request with them. */
function noRole(profile: string, settings: Settings): Failure {
  const what = {
    keys: "access keys",
    process: "a credential_process",
    other: `${otherSetting(settings)}${settings.login_session ? " (aws login signs in through the console)" : ""}`,
    none: "nothing",
  }[credentialsOf(settings)];
  return new Failure(
    "file",
    `The profile ${profile} has ${what} and no role_arn: with it the AWS CLI assumes no role, and asks for no code.`,
    "Name the profile that assumes your role (aws-mfa verify PROFILE), or write one: aws-mfa profile",
  );
}

function noSuchProfile(profile: string, names: readonly string[]): Failure {
  const near = names.length > 0 ? ` The nearest is ${closest(profile, names)}.` : "";
  return new Failure(
    "file",
    `There is no profile ${profile} in ${configFile()}.${near}`,
    "Write it: aws-mfa profile, or name another one: aws-mfa verify PROFILE",
  );
}

/**
 * The profiles from `profile` to the first that has an earlier one as its source. For the AWS CLI a profile with access keys ends the
 * chain, even if it is its own source.
 */
function loopOf(profile: string, profiles: Profiles): readonly string[] | undefined {
  const seen = [profile];
  for (let at = profiles.get(profile); at?.source_profile; ) {
    const source = at.source_profile;
    at = profiles.get(source);
    if (credentialsOf(at ?? {}) === "keys") return undefined;
    if (seen.includes(source)) return [...seen, source];
    seen.push(source);
  }
  return undefined;
}

async function originOf(settings: Settings): Promise<Origin | undefined> {
  switch (credentialsOf(settings)) {
    case "keys": {
      const {
        aws_access_key_id: accessKeyId = "",
        aws_secret_access_key: secretAccessKey = "",
        aws_session_token: sessionToken,
      } = settings;
      return { kind: "keys", keys: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } };
    }
    case "process": {
      const id = keyIdOf(settings);
      const key = id === undefined ? undefined : await (await keyStore("keyring")).read(id);
      if (key) return { kind: "keys", keys: { accessKeyId: key.id, secretAccessKey: key.secret } };
      const session = sessionOf(settings.credential_process ?? "");
      return session ? { kind: "session", ...session } : { kind: "other" };
    }
    case "other":
      return { kind: "other" };
    case "none":
      return undefined;
  }
}

/**
 * All profiles as the AWS CLI reads them, and not as the SDKs do: the SDKs take ` # …` after a value as a comment, and accept the same
 * section twice. If both files have a setting, the credentials file's counts.
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
  return profiles;
}

async function sectionsOf(path: string): Promise<readonly Section[]> {
  const text = await readConfigText(path);
  try {
    return parseIni(text).sections;
  } catch (error) {
    if (!(error instanceof UnreadableIni)) throw error;
    throw new Failure(
      "file",
      `${path}, line ${error.line}: found ${error.found}. The AWS CLI cannot read this file.`,
      error.line === 1 && text.startsWith("\ufeff")
        ? "Save it as UTF-8 without a byte order mark."
        : "Fix that line.",
    );
  }
}
