import { Failure } from "../failure";
import { version } from "../package.json";
import type { DeployedUser } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { profilesFromStack } from "./from-stack";
import { isPlain } from "./session-command-line";
import type { Profile } from "./settings";

/** What `aws-mfa setup` assumes where its command line does not say otherwise. */
const ASSUMED: ReadonlyMap<string, string> = new Map([
  ["source_profile", "default"],
  ["duration_seconds", "3600"],
]);

/**
 * What an administrator gives a user who has neither the stack nor this repository, as lines for the terminal. The access key alone
 * is secret. For a user of several roles it is a file, since no command line holds them all.
 */
export function handOver(choice: StackChoice, user: string, found: DeployedUser): string {
  try {
    const profiles = profilesFromStack(choice, found, user);
    const [first, ...others] = profiles;
    // What a shell would take for anything else is handed over as data: whoever can write the stack's state chooses these names.
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

function setupWords(user: string, { name, wanted }: Profile): readonly string[] {
  const words = ["aws-mfa", "setup"];
  const options = [
    ["role_arn", "--role-arn"],
    ["mfa_serial", "--mfa-serial"],
    ["source_profile", "--source-profile"],
    ["duration_seconds", "--duration-seconds"],
    ["region", "--region"],
  ] as const;
  for (const [key, option] of options) {
    const value = wanted.get(key);
    const isAssumed = value === ASSUMED.get(key) || (key === "mfa_serial" && value?.endsWith(`:mfa/${user}`));
    if (value !== undefined && !isAssumed) words.push(option, value);
  }
  if (name !== "mfabasedaccess") words.push("--name", name);
  return words;
}
