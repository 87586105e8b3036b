import { profileSection } from "../aws-config/edit";
import { edited } from "../aws-config/file";
import { parseIni } from "../aws-config/ini";
import { sessionOf } from "../aws-config/own-command";
import { isOwn } from "./session-command-line";
import type { Profile } from "./settings";

/**
 * Profiles that are to stand beside others of the same access keys, which `--name` asks for. A session that these have already, of the
 * same keys and device, serves the new ones too and is left as it is. One of another device keeps its name, and the new one gets another.
 *
 * @param path of the configuration file, and its text
 */
export function besideOthers(
  profiles: readonly Profile[],
  name: string,
  path: string,
  text: string,
): Profile[] {
  const ini = edited(path, () => parseIni(text));
  const lineOf = (profile: string) =>
    edited(path, () => profileSection(ini, profile))?.settings.find(
      (setting) => setting.name === "credential_process",
    )?.value;
  return profiles.reduce<Profile[]>(
    (all, session) => {
      const wanted = session.wanted.get("credential_process");
      const found = lineOf(session.name);
      if (wanted === undefined || found === undefined || found === wanted) return all;
      const [its, own] = [sessionOf(found), sessionOf(wanted)];
      const isSame = its?.profile === own?.profile && its?.mfaSerial === own?.mfaSerial;
      // The path of a command that was moved has to be written anew.
      if (isSame) return isOwn(found) ? all.filter((each) => each !== session) : all;
      const other = `${name}-mfa`;
      return all.map((each) => {
        if (each === session) return { ...each, name: other };
        if (each.wanted.get("source_profile") !== session.name) return each;
        return { ...each, wanted: new Map([...each.wanted, ["source_profile", other]]) };
      });
    },
    [...profiles],
  );
}
