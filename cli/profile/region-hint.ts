import { profileSection } from "../aws-config/edit";
import { parseIni } from "../aws-config/ini";
import type { Profile } from "./settings";

/**
 * What to know where a role's profile has no region: the AWS CLI takes neither that of its source profile nor that of
 * `default`, and many services have an address in each region. Empty where a region is known.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 *
 * @param text of the configuration file with the profiles in it
 */
export function regionHint(profiles: readonly Profile[], text: string): string {
  if (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION) return "";
  const ini = parseIni(text);
  const hasRegion = (name: string) =>
    profileSection(ini, name)?.settings.some((setting) => setting.name === "region" && setting.value) ===
    true;
  const without = profiles.find(({ name, wanted }) => wanted.get("role_arn") && !hasRegion(name));
  if (without === undefined) return "";
  return (
    `The profile ${without.name} has no region, which the AWS CLI needs for most services: ` +
    `aws configure set region REGION --profile ${without.name}\n`
  );
}
