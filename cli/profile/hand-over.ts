import { Failure } from "../failure";
import { version } from "../package.json";
import type { DeployedUser } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { flag } from "./flags";
import { profilesFromStack } from "./from-stack";
import { isPlain } from "./session-command-line";
import { type Profile, SETTINGS } from "./settings";

/** The defaults of `aws-mfa setup`. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["source_profile", "default"],
  ["duration_seconds", "3600"],
]);

/**
 * What an administrator gives a user who has neither the stack nor this repository, as lines for the terminal. Only the access key is
 * secret. A user with several roles gets a file, since no command line can name them all.
 */
export function handOver(choice: StackChoice, user: string, found: DeployedUser): string {
  try {
    const [first, ...others] = profilesFromStack(choice, found, user);
    // Anyone who can write the stack's state chooses these names: what a shell would interpret goes into the file.
    const isOne = first !== undefined && others.length === 0 && setupWords(user, first).every(isPlain);
    const file = `${user}.txt`;
    return [
      `Next, give ${user}:`,
      "  - the aws-mfa package, made with: npm pack -w cli",
      `  - an access key (secret), made with: aws-mfa keys issue ${user} --stack ${choice.stack}`,
      ...(isOne ? [] : [`  - a file: aws-mfa profile ${user} --stack ${choice.stack} --print > ${file}`]),
      "  - these two lines to run:",
      `      npm install --global ./aws-mfa-${version}.tgz`,
      `      ${isOne ? setupWords(user, first).join(" ") : `aws-mfa setup --from ${file}`}`,
      "",
    ].join("\n");
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.problem}\n${error.remedy}\n`;
  }
}

/** The command line of `aws-mfa setup` for a profile, without its defaults. */
function setupWords(user: string, { name, wanted }: Profile): readonly string[] {
  const options = SETTINGS.flatMap(([key, setting]) => {
    const value = wanted.get(setting);
    const isDefault =
      value === DEFAULTS.get(setting) || (setting === "mfa_serial" && value?.endsWith(`:mfa/${user}`));
    return value === undefined || isDefault ? [] : [flag(key), value];
  });
  return ["aws-mfa", "setup", ...options, ...(name === "mfabasedaccess" ? [] : ["--name", name])];
}
