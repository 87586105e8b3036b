import { z } from "zod";
import { mfaSerial, profileName, region, roleArn } from "../aws/names";
import { Failure } from "../failure";

export const seconds = (least: number, most: number) => wholeNumber(least, most, "seconds");

export const wholeNumber = (least: number, most: number, of: "seconds" | "days") => {
  const allowed = `a whole number of ${of} from ${least} to ${most}`;
  return z.coerce.number({ error: allowed }).int(allowed).min(least, allowed).max(most, allowed);
};

/** The values of one role's profile. */
export const role = z.object({
  name: profileName.default("mfabasedaccess"),
  roleArn,
  mfaSerial,
  sourceProfile: profileName.default("default"),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  durationSeconds: seconds(900, 43200).default(3600),
  region: region.optional(),
});

export type RoleFlags = z.infer<typeof role>;

/** The role's profile from flags. Throws Failure (`usage`) with all mistakes. */
export function roleFlags(given: Readonly<Record<string, unknown>>): RoleFlags {
  return checked(role, given);
}

const ROLE_FLAGS = ["roleArn", "mfaSerial", "durationSeconds", "region"] as const;

/** Throws Failure (`usage`) if flags are given for what `source` already provides: they would be ignored. */
export function refuseRoleFlags(
  given: Readonly<Partial<Record<(typeof ROLE_FLAGS)[number], unknown>>>,
  source: string,
): void {
  const flags = ROLE_FLAGS.filter((key) => given[key] !== undefined).map(flag);
  if (flags.length === 0) return;
  throw new Failure(
    "usage",
    `${source} already provides what ${flags.join(", ")} would.`,
    "Omit one of the two.",
  );
}

/** `roleArn` → `--role-arn`. */
export function flag(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Parses flags. Throws Failure (`usage`) with all mistakes, each with the expected and the given value. */
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
