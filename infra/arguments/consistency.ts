import { z } from "zod";
import { keyPath, type Problem } from "./problem";
import { access } from "./schema";

const defaults = access.parse({});
const noTrust = { managedPolicyArns: [], trust: { users: [] } };

/** The arguments that refer to each other, whatever else may be wrong in them. */
const names = z.object({
  users: z
    .array(
      z
        .preprocess(
          (value) => (typeof value === "string" ? { name: value } : value),
          z.object({
            name: z.string().optional().catch(undefined),
            devices: z.array(z.string()).catch([]),
            roles: z.array(z.string()).catch([]),
          }),
        )
        .catch({ name: undefined, devices: [], roles: [] }),
    )
    .catch([]),
  devices: z.array(z.string()).catch([]),
  releaseUsers: z.array(z.string()).catch([]),
  roles: z
    .array(
      z
        .object({
          name: z.string().optional().catch(undefined),
          managedPolicyArns: z.array(z.string()).catch([]),
          trust: z.object({ users: z.array(z.string()).catch([]) }).catch({ users: [] }),
        })
        .catch({ name: undefined, ...noTrust }),
    )
    .catch(defaults.roles.map(({ name }) => ({ name, ...noTrust }))),
  profileName: z.unknown().default(defaults.profileName),
  sourceProfile: z.unknown().default(defaults.sourceProfile),
});

/**
 * Contradictions between the arguments of `MfaAccess`: repeated names (IAM ignores their case), references to users and roles that are
 * not in the lists, and a profile that would be its own source profile.
 */
export function inconsistencies(values: object): Problem[] {
  const { users, devices, releaseUsers, roles, profileName, sourceProfile } = names.parse(values);
  const userNames = users.map((user) => user.name);
  const roleNames = roles.map((role) => role.name);
  const problems = [
    ...repeated(userNames, (index) => ["users", index, "name"]),
    ...repeated(roleNames, (index) => ["roles", index, "name"]),
    ...repeated(devices, (index) => ["devices", index]),
    ...users.flatMap((user, index) => [
      ...repeated(user.devices, (at) => ["users", index, "devices", at]),
      ...repeated(user.roles, (at) => ["users", index, "roles", at]),
      ...absent(user.roles, roleNames, "a role of this stack", (at) => ["users", index, "roles", at]),
    ]),
    ...roles.flatMap((role, index) => [
      ...repeated(role.managedPolicyArns, (at) => ["roles", index, "managedPolicyArns", at]),
      ...absent(
        role.trust.users.map((user) => (user.startsWith("arn:") ? undefined : user)),
        userNames,
        "a user of this stack, or the ARN of a user",
        (at) => ["roles", index, "trust", "users", at],
      ),
    ]),
  ];
  for (const [index, name] of releaseUsers.entries()) {
    if (!userNames.includes(name)) continue;
    const message = `expected a user who is no longer in users, got ${JSON.stringify(name)}`;
    problems.push({ key: keyPath(["releaseUsers", index]), message });
  }
  if (typeof profileName === "string" && profileName === sourceProfile) {
    problems.push({
      key: "profileName",
      message: `expected a name other than sourceProfile, got ${JSON.stringify(profileName)}`,
    });
  }
  return problems;
}

type Path = (index: number) => PropertyKey[];

function repeated(found: readonly (string | undefined)[], path: Path): Problem[] {
  const first = new Map<string, number>();
  return found.flatMap((name, index) => {
    if (name === undefined) return [];
    const before = first.get(name.toLowerCase());
    if (before === undefined) {
      first.set(name.toLowerCase(), index);
      return [];
    }
    const message = `expected unique names, ignoring case, got ${JSON.stringify(name)}, which is also ${keyPath(path(before))}`;
    return { key: keyPath(path(index)), message };
  });
}

function absent(
  found: readonly (string | undefined)[],
  known: readonly (string | undefined)[],
  what: string,
  path: Path,
): Problem[] {
  const list = known.filter((name) => name !== undefined).join(", ") || "none";
  return found.flatMap((name, index) =>
    name === undefined || known.includes(name)
      ? []
      : { key: keyPath(path(index)), message: `expected ${what} (${list}), got ${JSON.stringify(name)}` },
  );
}
