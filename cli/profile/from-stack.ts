import { z } from "zod";
import { profileName } from "../aws-config/edit";
import { parseIni, UnreadableIni } from "../aws-config/ini";
import { Failure } from "../failure";
import type { DeployedUser } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { configKey } from "../stack/project";
import { escapeControls } from "../terminal/escape-controls";
import { role } from "./flags";
import { type Profile, profileFrom } from "./settings";

/** The settings that a profile's text may have, and what they are called as values. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  ["role_arn", "roleArn"],
  ["mfa_serial", "mfaSerial"],
  ["source_profile", "sourceProfile"],
  ["duration_seconds", "durationSeconds"],
  ["region", "region"],
]);

const values = z.array(z.record(z.string(), z.unknown()));

/**
 * The profiles that the stack gives out for a user. Whoever may write the stack's state may write what they like there, and a
 * setting such as `credential_process` is a program that the AWS CLI runs: so each is built from values that were checked.
 *
 * @throws Failure (`stack`) where there is none, or where anything else is said
 */
export function profilesFromStack(choice: StackChoice, found: DeployedUser, user: string): Profile[] {
  const given =
    found.profiles === undefined
      ? // An older program gives out the text alone.
        inText(found.profile)
      : values
          .catch([{}])
          .parse(found.profiles)
          .map((each) => role.safeParse({ ...each, mfaSerial: found.mfaSerial }));
  const wrong = given.flatMap(({ error }) => error?.issues ?? []);
  if (wrong.length > 0) {
    throw new Failure(
      "stack",
      [
        `The stack ${choice.stack} has profile settings for ${user} that are not allowed:`,
        ...wrong.map(line),
      ].join("\n"),
      "Nothing was written. Check them: pulumi stack output users. If nobody knows why, someone may have changed the stack's state.",
    );
  }
  const profiles = given.flatMap(({ data }) => (data ? profileFrom(data) : []));
  if (profiles.length > 0) return profiles;
  throw new Failure(
    "stack",
    `${user} cannot assume any role of the stack, so there is no profile to write.`,
    `Give the user a role in ${configKey(choice, "users")}, and run pulumi up.`,
  );
}

/**
 * The profiles in a text that an administrator handed over, as `aws-mfa profile --print` printed it.
 *
 * @throws Failure (`file`) where there is none, or where it says anything but what such a profile has
 */
export function profilesInText(path: string, text: string): Profile[] {
  const given = inText(text);
  const wrong = given.flatMap(({ error }) => error?.issues ?? []);
  if (given.length > 0 && wrong.length === 0) {
    return given.flatMap(({ data }) => (data ? profileFrom(data) : []));
  }
  throw new Failure(
    "file",
    given.length === 0
      ? `${path} has no profiles. Expected the output of aws-mfa profile --print.`
      : [`${path} contains settings that aws-mfa profile --print does not write:`, ...wrong.map(line)].join(
          "\n",
        ),
    "Nothing was changed. Ask your administrator for those lines again.",
  );
}

/** What else it says than known settings is not passed over: `credential_process` is a program that the AWS CLI runs. */
function inText(text: unknown) {
  return sectionsOf(text).map((each) => role.strict().safeParse(each));
}

function sectionsOf(text: unknown): Record<string, unknown>[] {
  try {
    return parseIni(z.string().parse(text)).sections.map(({ header, settings }) => ({
      ...Object.fromEntries(settings.map(({ name, value }) => [SETTINGS.get(name) ?? `[${name}]`, value])),
      name: profileName(header) ?? header,
    }));
  } catch (error) {
    if (error instanceof UnreadableIni || error instanceof z.ZodError) return [{}];
    throw error;
  }
}

function line({ path, message }: z.core.$ZodIssue): string {
  return `  ${escapeControls([...path.map(String), message].join(": "))}`;
}
