import { keyPath, notAllowed, type Problem } from "./problem";
import { access } from "./schema";

const defaults = access.parse({});

/**
 * Contradictions between the arguments of `MfaAccess`: repeated names (IAM ignores their case), references to users and roles that are
 * not listed, and a profile that would be its own source profile.
 *
 * @param values the arguments, which may have other errors: what has the wrong type is skipped
 */
export function inconsistencies(values: object): Problem[] {
  const users = list(values, "users").map((user) => (typeof user === "string" ? { name: user } : user));
  const userNames = users.map((user) => property(user, "name"));
  const givenRoles = property(values, "roles");
  const roles = Array.isArray(givenRoles) ? givenRoles : defaults.roles;
  const roleNames = roles.map((role) => property(role, "name"));
  const profileName = property(values, "profileName") ?? defaults.profileName;
  const sourceProfile = property(values, "sourceProfile") ?? defaults.sourceProfile;
  return [
    ...repeated(userNames, (index) => ["users", index, "name"]),
    ...repeated(roleNames, (index) => ["roles", index, "name"]),
    ...repeated(list(values, "devices"), (index) => ["devices", index]),
    ...users.flatMap((user, index) => {
      const rolesPath: Path = (at) => ["users", index, "roles", at];
      return [
        ...repeated(list(user, "devices"), (at) => ["users", index, "devices", at]),
        ...repeated(list(user, "roles"), rolesPath),
        ...unlisted(list(user, "roles"), roleNames, "a role of this stack", rolesPath),
      ];
    }),
    ...roles.flatMap((role, index) => [
      ...repeated(list(role, "managedPolicyArns"), (at) => ["roles", index, "managedPolicyArns", at]),
      ...unlisted(
        list(property(role, "trust"), "users"),
        userNames,
        "a user of this stack, or the ARN of a user",
        (at) => ["roles", index, "trust", "users", at],
      ),
    ]),
    ...list(values, "releaseUsers").flatMap((name, index) =>
      typeof name === "string" && userNames.includes(name)
        ? notAllowed(`releaseUsers[${index}]`, name, "a user who is no longer in users")
        : [],
    ),
    ...(typeof profileName === "string" && profileName === sourceProfile
      ? [notAllowed("profileName", profileName, "a name other than sourceProfile")]
      : []),
  ];
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = property(value, key);
  return Array.isArray(found) ? found : [];
}

type Path = (index: number) => PropertyKey[];

function repeated(names: readonly unknown[], path: Path): Problem[] {
  const first = new Map<string, number>();
  return names.flatMap((name, index) => {
    if (typeof name !== "string") return [];
    const before = first.get(name.toLowerCase());
    if (before === undefined) {
      first.set(name.toLowerCase(), index);
      return [];
    }
    const allowed = `unique names, ignoring case (${keyPath(path(before))} is the same)`;
    return notAllowed(keyPath(path(index)), name, allowed);
  });
}

/** The names that `known` does not have; ARNs are not names. */
function unlisted(
  names: readonly unknown[],
  known: readonly unknown[],
  expected: string,
  path: Path,
): Problem[] {
  const listed = known.filter((name) => typeof name === "string").join(", ") || "none";
  return names.flatMap((name, index) =>
    typeof name !== "string" || name.startsWith("arn:") || known.includes(name)
      ? []
      : notAllowed(keyPath(path(index)), name, `${expected} (${listed})`),
  );
}
