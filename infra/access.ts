import { notAllowed, type Problem } from "./config/problem";
import type { Configuration, RoleConfiguration, UserConfiguration } from "./config/schema";
import type { Deployment } from "./deployment";
import { type AssumableRole, memberPolicy } from "./group/member-policy";

/** A role of the stack, with the ARNs that are known before it exists. */
export interface PlannedRole {
  readonly settings: RoleConfiguration;
  readonly arn: string;
  /** ARNs of the users and account roots that the trust policy names. */
  readonly principals: readonly string[];
  /** Who of the group gets the right to assume it. */
  readonly members: AssumableRole["users"];
}

export interface PlannedUser {
  readonly settings: UserConfiguration;
  readonly arn: string;
  /** The roles that the user may assume, in the configuration's order. */
  readonly roles: readonly PlannedRole[];
}

export interface Access {
  readonly users: readonly PlannedUser[];
  readonly roles: readonly PlannedRole[];
}

/** A customer-managed policy may be this long, white space not counted. */
const POLICY_LIMIT = 6144;

/**
 * Decides who may assume which role, and says what in the configuration does not fit the account.
 *
 * A user may assume a role if its trust policy names the user or the home account, and the user's own
 * `roles` do not leave it out. A role that nobody leaves out is open to every member of the group, also to
 * those who were put there by other means; as soon as one user leaves it out, only to the users by name.
 *
 * @param existing ARNs of the users that exist already, by name
 */
export function planAccess(
  configuration: Configuration,
  home: Deployment,
  existing: ReadonlyMap<string, string>,
): { access: Access; problems: Problem[] } {
  const users = configuration.users.map((settings) => ({
    settings,
    arn:
      existing.get(settings.name) ??
      `arn:${home.partition}:iam::${home.account}:user${settings.path ?? "/"}${settings.name}`,
  }));
  const homeRoot = accountRoot(home, home.account);

  const roles = configuration.roles.map((settings): PlannedRole => {
    const principals = trusted(settings, home, users);
    const left = users.filter((user) => user.settings.roles?.includes(settings.name) === false);
    const named = users.filter(
      (user) => !left.includes(user) && (principals.includes(homeRoot) || principals.includes(user.arn)),
    );
    return {
      settings,
      arn: `arn:${home.partition}:iam::${accountOf(settings, home)}:role${settings.path ?? "/"}${settings.name}`,
      principals,
      members:
        principals.includes(homeRoot) && left.length === 0
          ? "every member"
          : named.map((user) => user.settings.name).sort(),
    };
  });

  const mayAssume = (user: string, role: PlannedRole) =>
    role.members === "every member" || role.members.includes(user);
  const access = {
    roles,
    users: users.map((user) => ({
      ...user,
      roles: roles.filter((role) => mayAssume(user.settings.name, role)),
    })),
  };
  return {
    access,
    problems: [
      ...contradictions(access),
      ...foreignArns(configuration, home),
      ...tooLong(configuration, access, home),
    ],
  };
}

function trusted(
  role: RoleConfiguration,
  home: Deployment,
  users: readonly { settings: UserConfiguration; arn: string }[],
): string[] {
  if (role.trust === undefined) return [accountRoot(home, home.account)];
  return [
    ...role.trust.accounts.map((account) => accountRoot(home, account)),
    ...role.trust.users.map((name) => users.find((user) => user.settings.name === name)?.arn ?? name),
  ];
}

function accountRoot(home: Deployment, account: string): string {
  return `arn:${home.partition}:iam::${account}:root`;
}

/** The account in which the role is made: that of the role through which the stack gets there. */
function accountOf(role: RoleConfiguration, home: Deployment): string {
  return role.assumeRoleArn?.split(":")[4] ?? home.account;
}

/** A user's `roles` and a role's `trust` that say different things of the two. */
function contradictions({ users, roles }: Access): Problem[] {
  return [
    ...users.flatMap((user, index) =>
      (user.settings.roles ?? []).flatMap((name, at) =>
        user.roles.some((role) => role.settings.name === name)
          ? []
          : notAllowed(
              `users[${index}].roles[${at}]`,
              name,
              "a role whose trust includes this account or this user",
            ),
      ),
    ),
    ...roles.flatMap((role, index) =>
      (role.settings.trust?.users ?? []).flatMap((name, at) => {
        const user = users.find(({ settings, arn }) => settings.name === name || arn === name);
        return user?.settings.roles?.includes(role.settings.name) === false
          ? notAllowed(`roles[${index}].trust.users[${at}]`, name, "a user whose roles include this one")
          : [];
      }),
    ),
  ];
}

/** ARNs of another partition than the account's, which AWS would not find. */
function foreignArns(configuration: Configuration, home: Deployment): Problem[] {
  const arns = [
    ...configuration.users.map((user, index) => [
      `users[${index}].permissionsBoundary`,
      user.permissionsBoundary,
    ]),
    ...configuration.roles.flatMap((role, index) => [
      [`roles[${index}].permissionsBoundary`, role.permissionsBoundary],
      [`roles[${index}].assumeRoleArn`, role.assumeRoleArn],
      ...role.managedPolicyArns.map((arn, at) => [`roles[${index}].managedPolicyArns[${at}]`, arn]),
      ...(role.trust?.users ?? []).map((user, at) => [`roles[${index}].trust.users[${at}]`, user]),
    ]),
  ];
  return arns.flatMap(([key, arn]) =>
    key === undefined || !arn?.startsWith("arn:") || arn.startsWith(`arn:${home.partition}:`)
      ? []
      : notAllowed(key, arn, `an ARN of this account's partition, arn:${home.partition}:…`),
  );
}

function tooLong(configuration: Configuration, access: Access, home: Deployment): Problem[] {
  const { length } = memberPolicy(memberRights(configuration, access, home));
  if (length <= POLICY_LIMIT) return [];
  const message =
    `expected a members' policy of at most ${POLICY_LIMIT} characters, got ${length}. ` +
    "Fix: give fewer users roles of their own, or use fewer roles";
  return [{ key: "users", message }];
}

/** What the group's policy says of its members. */
export function memberRights(configuration: Configuration, access: Access, home: Deployment) {
  return {
    partition: home.partition,
    selfServiceDevices: configuration.selfServiceDevices,
    selfServiceKeys: configuration.selfServiceKeys,
    roles: access.roles.map((role) => ({ arn: role.arn, users: role.members })),
  };
}
