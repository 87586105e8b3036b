import { profileSection } from "../aws-config/edit";
import { parseIni, valuesOf } from "../aws-config/ini";
import type { Profile } from "./settings";

/**
 * A hint for a role's profile without a region: the AWS CLI does not use that of its source profile or of `default`, and most services
 * need one. Empty if each profile has a region.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 *
 * @param text the configuration file with the profiles in it
 */
export function regionHint(profiles: readonly Profile[], text: string): string {
  if (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION) return "";
  const ini = parseIni(text);
  const without = profiles.find(
    ({ name, wanted }) => wanted.get("role_arn") && !valuesOf(profileSection(ini, name)).region,
  );
  if (without === undefined) return "";
  return (
    `The profile ${without.name} has no region, which the AWS CLI needs for most services: ` +
    `aws configure set region REGION --profile ${without.name}\n`
  );
}
