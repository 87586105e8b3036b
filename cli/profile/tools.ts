import { Option } from "commander";
import { Failure } from "../failure";
import type { Profile } from "./settings";

/**
 * Other tools that read the same file, and the settings that each needs to differ from the AWS CLI's.
 *
 * - aws-vault shares one code among the roles of a source profile only if that profile has the `mfa_serial` too
 *   (its pull request 369).
 * - awsume asks for a code each time if a profile has a `duration_seconds`, since AWS limits a role assumed from a session to one hour
 *   (its issues 73 and 114).
 * - granted reads the file as it is.
 */
const TOOLS: Readonly<Record<string, (profiles: readonly Profile[]) => readonly Profile[]>> = {
  "aws-vault": (profiles) => [...sources(profiles), ...profiles],
  awsume: (profiles) =>
    profiles.map(({ name, wanted }) => ({
      name,
      wanted: new Map([...wanted, ["duration_seconds", undefined]]),
    })),
  granted: (profiles) => profiles,
};

export function toolOption(): Option {
  return new Option("--for <tool>", "add what another tool needs").choices(Object.keys(TOOLS));
}

/** The profiles as the tool needs them. Throws Failure (`usage`) with `--one-code`, since these tools cache sessions too. */
export function forTool(tool: string, profiles: readonly Profile[], isOneCode: boolean): readonly Profile[] {
  if (isOneCode) {
    throw new Failure(
      "usage",
      `--one-code and --for ${tool} cannot be combined: ${tool} caches sessions itself.`,
      "Omit one of the two.",
    );
  }
  return TOOLS[tool]?.(profiles) ?? profiles;
}

function sources(profiles: readonly Profile[]): Profile[] {
  const serials = new Map(
    profiles.map(({ wanted }) => [wanted.get("source_profile") ?? "default", wanted.get("mfa_serial")]),
  );
  return [...serials].map(([name, serial]) => ({ name, wanted: new Map([["mfa_serial", serial]]) }));
}
