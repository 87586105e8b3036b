import { oneOf, type Random } from "../../random";

/** A configuration of the stack, keys without their namespace. */
export interface Configuration {
  readonly groupName: string;
  readonly selfServiceDevices: boolean | "enable";
  readonly selfServiceKeys: boolean;
  readonly devices: readonly string[];
  readonly users: readonly User[];
  readonly releaseUsers: readonly string[];
  readonly roles: readonly object[];
  readonly tags: Readonly<Record<string, string>>;
}

interface User {
  readonly name: string;
  readonly existing?: true;
  readonly retainOnDelete?: true;
  readonly path?: string;
  readonly permissionsBoundary?: string;
  readonly devices?: readonly string[];
  readonly roles?: readonly string[];
}

/** Users that the account has before the stack. */
export const EXISTING = ["erin", "frank"] as const;
const CREATED = ["alice", "bob", "carol"] as const;
const BOUNDARY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/**
 * A configuration that may follow `before`: users stay, come, go, are handed over, or change their path, boundary, devices and roles; the
 * group, the roles and the tags change. Who may not be let go without being named is named.
 */
export function configuration(random: Random, before?: Configuration): Configuration {
  const maybe = () => random(2) === 0;
  const created = CREATED.flatMap((name): User[] => {
    const was = before?.users.find((user) => user.name === name);
    // Who was handed over stays so, and who was left in AWS cannot be created again.
    if (was?.existing || (was?.retainOnDelete && maybe())) return [{ name, existing: true }];
    if (random(3) === 0) return [];
    return [
      {
        name,
        ...(maybe() && { path: "/team/" }),
        ...(maybe() && { permissionsBoundary: BOUNDARY }),
        ...(maybe() && { roles: ["MFABasedAccess"] }),
        ...(random(3) === 0 && { devices: ["phone"] }),
        ...(random(4) === 0 && { retainOnDelete: true }),
      },
    ];
  });
  const existing = EXISTING.flatMap((name): User[] => (maybe() ? [{ name, existing: true }] : []));
  const users = [...created, ...existing];
  const names = users.map(({ name }) => name);
  const releaseUsers = (before?.users ?? []).flatMap(({ name, existing, retainOnDelete }) =>
    (existing || retainOnDelete) && !names.includes(name) ? name : [],
  );
  const groupName = oneOf(random, ["MFA", "OpsMFA", "TeamMFA"]);
  return {
    // Nobody who stays in AWS may leave a group that is renamed.
    groupName: releaseUsers.length > 0 ? (before?.groupName ?? groupName) : groupName,
    selfServiceDevices: oneOf<boolean | "enable">(random, [true, "enable", false]),
    selfServiceKeys: maybe(),
    devices: oneOf<readonly string[]>(random, [["phone"], ["phone", "backup"], ["phone", "token", "backup"]]),
    users,
    releaseUsers,
    roles: [
      {
        name: "MFABasedAccess",
        sessionSeconds: oneOf(random, [3600, 7200]),
        ...(maybe() && { path: "/people/" }),
      },
      ...(maybe() ? [{ name: "Deploy", ...(maybe() && { maxMfaAgeSeconds: 900 }) }] : []),
    ],
    tags: maybe() ? { Team: "platform" } : {},
  };
}
