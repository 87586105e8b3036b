import { closest } from "fastest-levenshtein";
import { credentialsOf } from "../aws-config/credentials";
import { profileName } from "../aws-config/edit";
import { readConfigText } from "../aws-config/file";
import { parseIni, type Section, UnreadableIni } from "../aws-config/ini";
import { configFile, credentialsFile } from "../aws-config/location";
import { DeadEnd, failed } from "./check";

/** A profile that assumes a role, as the AWS CLI reads it. */
export interface Chain {
  readonly profile: string;
  readonly source: string;
  readonly roleArn: string;
  /** Absent where the source is a session that was started with a code already. */
  readonly mfaSerial: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly region: string | undefined;
  /** Where the source's credentials come from. */
  readonly sourceKind: "keys" | "process" | "other";
}

const LEAST_SECONDS = 900;
const MOST_SECONDS = 43200;
const CHAINED_SECONDS = 3600;

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** Reads the profile. Throws DeadEnd with everything that is wrong with it. */
export async function readChain(profile: string): Promise<Chain> {
  const profiles = await readProfiles();
  const settings = profiles[profile];
  if (settings === undefined) throw new DeadEnd(noSuchProfile(profile, profiles));
  const { role_arn: roleArn, source_profile: source } = settings;
  const mistakes: string[] = [];
  if (!roleArn) mistakes.push("it has no role_arn");
  if (!source) mistakes.push("it has no source_profile");
  else if (!profiles[source]) mistakes.push(`its source_profile ${source} is not there`);
  const kind = credentialsOf((source ? profiles[source] : undefined) ?? {});
  if (source && profiles[source] && kind === "none") {
    mistakes.push(`its source_profile ${source} has neither access keys nor another way to get credentials`);
  }
  const { mfa_serial: mfaSerial, duration_seconds: duration } = settings;
  if (kind === "keys" && !mfaSerial) mistakes.push("it has no mfa_serial, so nobody is asked for a code");
  const most = kind === "keys" ? MOST_SECONDS : CHAINED_SECONDS;
  const seconds = duration === undefined ? undefined : Number(duration);
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= LEAST_SECONDS && seconds <= most)) {
    const why = kind === "keys" ? "" : ", since a session assumes the role";
    mistakes.push(
      `duration_seconds is ${duration}; allowed is a whole number from ${LEAST_SECONDS} to ${most}${why}`,
    );
  }
  if (mistakes.length > 0 || !roleArn || !source || kind === "none") {
    throw new DeadEnd(
      failed(
        "profile",
        `The profile ${profile} cannot work: ${mistakes.join("; ")}.`,
        "Write it anew: aws-mfa profile",
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
    sourceKind: kind,
  };
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
  const profiles = new Map<string, Record<string, string>>();
  const add = (name: string | undefined, { settings }: Section) => {
    if (name === undefined) return;
    const own = settings.map((setting) => [setting.name, setting.value]);
    profiles.set(name, { ...profiles.get(name), ...Object.fromEntries(own) });
  };
  for (const section of await sectionsOf(configFile())) add(profileName(section.header), section);
  for (const section of await sectionsOf(credentialsFile())) add(section.header, section);
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
        "Fix that line.",
        "file",
      ),
    );
  }
}
