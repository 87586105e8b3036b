import type { SecretKey } from "../aws/access-key";
import { credentialsOf } from "../aws-config/credentials";
import { profileName, profileSection, type Wanted, withProfile } from "../aws-config/edit";
import { type ConfigFile, edited, readConfigText, withConfigFile } from "../aws-config/file";
import { type Ini, parseIni, valuesOf } from "../aws-config/ini";
import { configFile, credentialsFile, type FileKind } from "../aws-config/location";
import { sessionOf, wordsAfter } from "../aws-config/own-command";
import type { Settings } from "../aws-config/settings";
import { Failure } from "../failure";
import { ownCommandLine } from "../profile/session-command-line";
import { keyStore, type StoreName } from "./key-store";

/** The long-term access key of a profile, and where it is stored. */
export interface ProfileKeys {
  readonly key: SecretKey;
  readonly place: StoreName;
  readonly file: KeysFile;
  /** The other profiles that have this key. */
  readonly othersWith: (id: string) => readonly string[];
}

interface KeysFile {
  readonly kind: FileKind;
  readonly path: string;
}

const SETTINGS = ["aws_access_key_id", "aws_secret_access_key", "credential_process"];

interface Read extends KeysFile {
  readonly ini: Ini;
}

/**
 * Reads the access key that the AWS CLI uses for a profile.
 *
 * @throws Failure (`file`, `credentials`) if the profile has none of its own, but gets its credentials from elsewhere or has a session's
 */
export async function profileKeys(profile: string): Promise<ProfileKeys> {
  const files = [await read("config", configFile()), await read("credentials", credentialsFile())];
  const own = files.map((file) => ({ ...file, settings: settingsIn(file, profile) }));
  const settings: Settings = Object.assign({}, ...own.map((each) => each.settings));
  const id = keyIdOf(settings);
  if (id === undefined || settings.aws_session_token) throw noKeys(profile, settings);
  const [file, another] = own.filter((each) => SETTINGS.some((name) => each.settings[name]));
  if (file === undefined || another) {
    throw new Failure(
      "file",
      `The profile ${profile} gets credentials from ${configFile()} and from ${credentialsFile()}.`,
      `Keep ${SETTINGS.join(", ")} in one of them. Nothing was changed.`,
    );
  }
  const place = credentialsOf(settings) === "keys" ? "file" : "keyring";
  const secret =
    place === "file" ? settings.aws_secret_access_key : (await (await keyStore(place)).read(id))?.secret;
  if (secret === undefined) {
    throw new Failure(
      "credentials",
      `The keyring has no secret for ${id}, the access key of the profile ${profile}.`,
      `Remove credential_process from ${file.path}, then enter an access key: aws configure --profile ${profile}`,
    );
  }
  return {
    key: { id, secret },
    place,
    file,
    othersWith: (each) => profilesWith(each, files).filter((name) => name !== profile),
  };
}

/** Writes another key to the profile, and nothing else. For a key in the keyring the file only has its id. */
export async function writeProfileKey(
  profile: string,
  file: KeysFile,
  key: SecretKey,
  place: StoreName,
): Promise<void> {
  await withProfileKey(profile, file, key, place, (found, text) => found.replace(text));
}

/** Throws Failure (`file`) if `writeProfileKey` would, and writes nothing. */
export async function assertCanWrite(
  profile: string,
  file: KeysFile,
  key: SecretKey,
  place: StoreName,
): Promise<void> {
  await withProfileKey(profile, file, key, place, async () => {});
}

async function withProfileKey(
  profile: string,
  { kind, path }: KeysFile,
  { id, secret }: SecretKey,
  place: StoreName,
  work: (file: ConfigFile, text: string) => Promise<unknown>,
): Promise<void> {
  const inFile = place === "file";
  const wanted: Wanted = new Map([
    ["aws_access_key_id", inFile ? id : undefined],
    ["aws_secret_access_key", inFile ? secret : undefined],
    ["credential_process", inFile ? undefined : ownCommandLine(["keys", "get", id])],
  ]);
  await withConfigFile(
    path,
    (file) =>
      work(
        file,
        edited(path, () => withProfile(file.text, profile, wanted, kind), kind),
      ),
    { kind, keepsBackup: false },
  );
}

async function read(kind: FileKind, path: string): Promise<Read> {
  const text = await readConfigText(path);
  return { kind, path, ini: edited(path, () => parseIni(text), kind) };
}

function settingsIn({ ini, kind, path }: Read, profile: string): Settings {
  return valuesOf(edited(path, () => profileSection(ini, profile, kind), kind));
}

/** The id of the key that is in a profile, or that it gets from the keyring; `undefined` if it has none. */
export function keyIdOf(settings: Settings): string | undefined {
  if (credentialsOf(settings) === "keys") return settings.aws_access_key_id;
  const [action, id] = wordsAfter(settings.credential_process ?? "", "keys") ?? [];
  return credentialsOf(settings) === "process" && action === "get" ? id : undefined;
}

function profilesWith(id: string, files: readonly Read[]): string[] {
  const names = files.flatMap(({ ini, kind }) =>
    ini.sections.flatMap((section) =>
      keyIdOf(valuesOf(section)) === id ? (profileName(section.header, kind) ?? []) : [],
    ),
  );
  return [...new Set(names)];
}

function noKeys(profile: string, settings: Settings): Failure {
  const source = sessionOf(settings.credential_process ?? "")?.profile ?? settings.source_profile;
  const problem = `The profile ${profile} has no long-term access key of its own`;
  if (source && source !== profile) {
    return new Failure(
      "credentials",
      `${problem}: it uses those of ${source}.`,
      `Use that profile: --profile ${source}`,
    );
  }
  if (credentialsOf(settings) === "process") {
    return new Failure(
      "credentials",
      `${problem}: it gets credentials from a program (credential_process).`,
      "Rotate them with that program.",
    );
  }
  return new Failure(
    "credentials",
    `${problem} in ${configFile()} or ${credentialsFile()}.`,
    "Name the profile with your access key (--profile NAME), or enter one: aws configure",
  );
}
