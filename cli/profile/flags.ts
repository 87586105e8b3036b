import { z } from "zod";
import { mfaSerial, profileName, region, roleArn } from "../aws/names";
import { Failure } from "../failure";
import type { RoleFlags } from "./settings";

export const seconds = (least: number, most: number) => wholeNumber(least, most, "seconds");

export const wholeNumber = (least: number, most: number, of: "seconds" | "days") => {
  const allowed = `a whole number of ${of} from ${least} to ${most}`;
  return z.coerce.number({ error: allowed }).int(allowed).min(least, allowed).max(most, allowed);
};

/** One role's profile, whoever says what is in it. */
export const role = z.object({
  name: profileName.default("mfabasedaccess"),
  roleArn,
  mfaSerial,
  sourceProfile: profileName.default("default"),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  durationSeconds: seconds(900, 43200).default(3600),
  region: region.optional(),
});

/** The role's profile as the flags say. Throws Failure (`usage`) with everything that is wrong with them. */
export function roleFlags(given: Readonly<Record<string, unknown>>): RoleFlags {
  return checked(role, given);
}

const ROLE_SETTINGS = ["roleArn", "mfaSerial", "durationSeconds", "region"] as const;

/**
 * Another source says all of a role's profile, so that flags that say it too would be passed over. Throws Failure (`usage`) with
 * those that are given.
 */
export function refuseRoleFlags(
  given: Readonly<Partial<Record<(typeof ROLE_SETTINGS)[number], unknown>>>,
  source: string,
): void {
  const flags = ROLE_SETTINGS.filter((key) => given[key] !== undefined).map(flag);
  if (flags.length === 0) return;
  throw new Failure(
    "usage",
    `${source} already provides what ${flags.join(", ")} would.`,
    "Omit one of the two.",
  );
}

/** `roleArn` → `--role-arn`. */
function flag(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Parses flags. Throws Failure (`usage`) with everything that is wrong, each with what was expected and what was found. */
export function checked<T>(shape: z.ZodType<T>, given: Readonly<Record<string, unknown>>): T {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    const key = String(path[0]);
    const found = given[key] === undefined ? "nothing" : JSON.stringify(given[key]);
    return `  ${flag(key)}: expected ${message}, got ${found}`;
  });
  throw new Failure("usage", ["Invalid options:", ...lines].join("\n"), "Nothing was changed.");
}
