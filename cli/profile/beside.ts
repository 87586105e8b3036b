import { profileSection } from "../aws-config/edit";
import { edited } from "../aws-config/file";
import { parseIni, valuesOf } from "../aws-config/ini";
import { sessionOf } from "../aws-config/own-command";
import { isOwn } from "./session-command-line";
import type { Profile } from "./settings";

/**
 * With `--name`, new profiles are added beside existing ones of the same access keys. An existing session of the same keys and device is
 * left as it is and used by the new ones too. If it is of another device, the new session gets another name.
 *
 * @param path the configuration file
 * @param text its text
 */
export function besideOthers(
  profiles: readonly Profile[],
  name: string,
  path: string,
  text: string,
): Profile[] {
  const ini = edited(path, () => parseIni(text));
  return profiles.reduce<Profile[]>(
    (all, session) => {
      const wanted = session.wanted.get("credential_process");
      const found = valuesOf(edited(path, () => profileSection(ini, session.name))).credential_process;
      if (wanted === undefined || found === undefined || found === wanted) return all;
      const [its, own] = [sessionOf(found), sessionOf(wanted)];
      const isSame = its?.profile === own?.profile && its?.mfaSerial === own?.mfaSerial;
      // The path of a command that was moved has to be updated.
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
