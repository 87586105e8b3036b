import { z } from "zod";
import { profileName } from "../aws-config/edit";
import { parseIni, UnreadableIni, valuesOf } from "../aws-config/ini";
import { Failure } from "../failure";
import type { DeployedUser } from "../stack/outputs";
import { configKey, type StackChoice } from "../stack/project";
import { escapeControls } from "../terminal/escape-controls";
import { role } from "./flags";
import { type Profile, profileFrom, SETTINGS } from "./settings";

const KEYS: ReadonlyMap<string, string> = new Map(SETTINGS.map(([key, setting]) => [setting, key]));

const values = z.array(z.record(z.string(), z.unknown()));

/**
 * The user's profiles from the stack's outputs. Anyone who can write the stack's state can put any text there, and the AWS CLI runs a
 * setting such as `credential_process`, so each profile is built from checked values.
 *
 * @throws Failure (`stack`) if there is no profile, or an invalid value
 */
export function profilesFromStack(choice: StackChoice, found: DeployedUser, user: string): Profile[] {
  const { profiles, mistakes } = checkedProfiles(
    found.profiles === undefined
      ? // An older program outputs only the text.
        inText(found.profile)
      : values
          .catch([{}])
          .parse(found.profiles)
          .map((each) => role.safeParse({ ...each, mfaSerial: found.mfaSerial })),
  );
  if (mistakes.length > 0) {
    throw new Failure(
      "stack",
      [`The stack ${choice.stack} has invalid profile settings for ${user}:`, ...mistakes].join("\n"),
      "Nothing was written. Check them: pulumi stack output users. If nobody knows why, someone may have changed the stack's state.",
    );
  }
  if (profiles.length > 0) return profiles;
  throw new Failure(
    "stack",
    `${user} cannot assume any role of the stack, so there is no profile to write.`,
    `Give the user a role in ${configKey(choice, "users")}, and run pulumi up.`,
  );
}

/**
 * The profiles in the output of `aws-mfa profile --print`, from an administrator.
 *
 * @throws Failure (`file`) if there is no profile, or a setting that such a profile does not have
 */
export function profilesInText(path: string, text: string): Profile[] {
  const { profiles, mistakes } = checkedProfiles(inText(text));
  if (profiles.length > 0 && mistakes.length === 0) return profiles;
  throw new Failure(
    "file",
    mistakes.length === 0
      ? `${path} has no profiles. Expected the output of aws-mfa profile --print.`
      : [`${path} contains settings that aws-mfa profile --print does not write:`, ...mistakes].join("\n"),
    "Nothing was changed. Ask your administrator for those lines again.",
  );
}

function checkedProfiles(given: readonly ReturnType<typeof role.safeParse>[]) {
  return {
    profiles: given.flatMap(({ data }) => (data ? profileFrom(data) : [])),
    mistakes: given.flatMap(({ error }) => error?.issues ?? []).map(line),
  };
}

/** Strict: an unknown setting may be a program that the AWS CLI runs, such as `credential_process`. */
function inText(text: unknown) {
  return sectionsOf(text).map((each) => role.strict().safeParse(each));
}

function sectionsOf(text: unknown): Record<string, unknown>[] {
  try {
    return parseIni(z.string().parse(text)).sections.map((section) => ({
      ...Object.fromEntries(
        Object.entries(valuesOf(section)).map(([name, value]) => [KEYS.get(name) ?? `[${name}]`, value]),
      ),
      name: profileName(section.header) ?? section.header,
    }));
  } catch (error) {
    if (error instanceof UnreadableIni || error instanceof z.ZodError) return [{}];
    throw error;
  }
}

function line({ path, message }: z.core.$ZodIssue): string {
  return `  ${escapeControls([...path.map(String), message].join(": "))}`;
}
