import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { configFile, credentialsFile } from "./location";

/** A profile's settings, by their names in lower case. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** The settings of a profile; empty if there is no such profile. */
export async function settingsIn(profile: string): Promise<Settings> {
  return (await findSettings(profile)) ?? {};
}

/** As `settingsIn`, but `undefined` if there is no such profile. */
export async function findSettings(profile: string): Promise<Settings | undefined> {
  return (await readSettings())(profile);
}

/** Reads both files, for the settings of several profiles. The credentials file takes precedence, as in the AWS CLI. */
export async function readSettings(): Promise<(profile: string) => Settings | undefined> {
  const files = await loadSharedConfigFiles({
    configFilepath: configFile(),
    filepath: credentialsFile(),
    ignoreCache: true,
  });
  const kinds = [files.configFile, files.credentialsFile];
  return (profile) => {
    const found = kinds.flatMap((each) => (Object.hasOwn(each, profile) ? [each[profile]] : []));
    return found.length > 0 ? Object.assign({}, ...found) : undefined;
  };
}
