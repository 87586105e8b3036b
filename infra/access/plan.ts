import type * as pulumi from "@pulumi/pulumi";
import { ArgumentsError, notAllowed, type Problem } from "../arguments/problem";
import {
  type AccessSettings,
  type RoleSettings,
  selfServiceDevices,
  type UserSettings,
} from "../arguments/schema";
import { accountRoot, type Deployment, findDeployment } from "../deployment";
import { type AssumableRole, memberPolicy } from "../group/member-policy";
import { findExisting } from "./existing-user";

/** What becomes of the arguments in the account: text alone, so that all of it is known at preview. */
export interface AccessPlan {
  readonly home: Deployment;
  /** In the order of the arguments. */
  readonly users: readonly PlannedUser[];
  readonly roles: readonly PlannedRole[];
}

/** A role, with the ARNs that are known before it exists. */
export interface PlannedRole {
  readonly name: string;
  readonly arn: string;
  /** ARNs of the users and account roots that the trust policy names. */
  readonly principals: readonly string[];
  /** Who of the group gets the right to assume it. */
  readonly members: AssumableRole["users"];
}

export interface PlannedUser {
  readonly arn: string;
  /** The roles that the user may assume, in the arguments' order. */
  readonly roles: readonly PlannedRole[];
}

/** A customer-managed policy may be this long, white space not counted. */
const POLICY_LIMIT = 6144;

/**
 * Asks AWS for the account and the users who exist already, and plans with them.
 *
 * @param owner what stands before each key in the messages
 * @param options the component, or the provider of the account
 * @throws ArgumentsError with everything that does not fit the account
 */
export async function planAccess(
  owner: string,
  settings: AccessSettings,
  options: pulumi.InvokeOptions = {},
): Promise<AccessPlan> {
  const home = await findDeployment(options);
  const existing = await findExisting(settings.users, home, options);
  const plan = accessOf(settings, home, existing.arns);
  const problems = [
    ...existing.problems,
    ...contradictions(settings, plan),
    ...foreignArns(settings, home),
    ...tooLong(settings, plan),
  ];
  if (problems.length > 0) throw new ArgumentsError(owner, problems);
  return plan;
}

/**
 * Decides who may assume which role.
 *
 * A user may assume a role if its trust policy names the user or the home account, and the user's own
 * `roles` do not leave it out. A role that nobody leaves out is open to every member of the group, also to
 * those who were put there by other means; as soon as one user leaves it out, only to the users by name.
 *
 * @param existing ARNs of the users that exist already, by name
 */
function accessOf(
  settings: AccessSettings,
  home: Deployment,
  existing: ReadonlyMap<string, string>,
): AccessPlan {
  const users = settings.users.map((settings) => ({
    settings,
    arn:
      existing.get(settings.name) ??
      `arn:${home.partition}:iam::${home.account}:user${settings.path ?? "/"}${settings.name}`,
  }));
  const homeRoot = accountRoot(home);

  const roles = settings.roles.map((settings): PlannedRole => {
    const principals = trusted(settings, home, users);
    const left = users.filter((user) => user.settings.roles?.includes(settings.name) === false);
    const named = users.filter(
      (user) => !left.includes(user) && (principals.includes(homeRoot) || principals.includes(user.arn)),
    );
    return {
      name: settings.name,
      arn: `arn:${home.partition}:iam::${accountOf(settings, home)}:role${settings.path ?? "/"}${settings.name}`,
      principals,
      members:
        principals.includes(homeRoot) && left.length === 0
          ? "every member"
          : named.map((user) => user.settings.name).sort(),
    };
  });

  const mayAssume = (user: string, { members }: PlannedRole) =>
    members === "every member" || members.includes(user);
  return {
    home,
    roles,
    users: users.map(({ arn, settings }) => ({
      arn,
      roles: roles.filter((role) => mayAssume(settings.name, role)),
    })),
  };
}

function trusted(
  role: RoleSettings,
  home: Deployment,
  users: readonly { settings: UserSettings; arn: string }[],
): string[] {
  if (role.trust === undefined) return [accountRoot(home)];
  return [
    ...role.trust.accounts.map((account) => accountRoot({ ...home, account })),
    ...role.trust.users.map((name) => users.find((user) => user.settings.name === name)?.arn ?? name),
  ];
}

/** The account in which the role is made: that of the role through which the stack gets there. */
function accountOf(role: RoleSettings, home: Deployment): string {
  return role.assumeRoleArn?.split(":")[4] ?? home.account;
}

/** A user's `roles` and a role's `trust` that say different things of the two. */
function contradictions(settings: AccessSettings, plan: AccessPlan): Problem[] {
  return [
    ...settings.users.flatMap((user, index) =>
      (user.roles ?? []).flatMap((name, at) =>
        plan.users[index]?.roles.some((role) => role.name === name)
          ? []
          : notAllowed(
              `users[${index}].roles[${at}]`,
              name,
              "a role whose trust includes this account or this user",
            ),
      ),
    ),
    ...settings.roles.flatMap((role, index) =>
      (role.trust?.users ?? []).flatMap((name, at) => {
        const user = settings.users.find((user, nth) => user.name === name || plan.users[nth]?.arn === name);
        return user?.roles?.includes(role.name) === false
          ? notAllowed(`roles[${index}].trust.users[${at}]`, name, "a user whose roles include this one")
          : [];
      }),
    ),
  ];
}

/** ARNs of another partition than the account's, which AWS would not find. */
function foreignArns(settings: AccessSettings, home: Deployment): Problem[] {
  const arns = [
    ...settings.users.map((user, index) => [`users[${index}].permissionsBoundary`, user.permissionsBoundary]),
    ...settings.roles.flatMap((role, index) => [
      [`roles[${index}].permissionsBoundary`, role.permissionsBoundary],
      [`roles[${index}].assumeRoleArn`, role.assumeRoleArn],
      ...role.managedPolicyArns.map((arn, at) => [`roles[${index}].managedPolicyArns[${at}]`, arn]),
      ...(role.trust?.users ?? []).map((user, at) => [`roles[${index}].trust.users[${at}]`, user]),
    ]),
  ];
  return arns.flatMap(([key, arn]) =>
    typeof key !== "string" ||
    typeof arn !== "string" ||
    !arn.startsWith("arn:") ||
    arn.startsWith(`arn:${home.partition}:`)
      ? []
      : notAllowed(key, arn, `an ARN of this account's partition, arn:${home.partition}:…`),
  );
}

/** Of what is not known yet, the longest. */
function tooLong(settings: AccessSettings, { home, roles }: AccessPlan): Problem[] {
  const { length } = memberPolicy({
    partition: home.partition,
    selfServiceDevices: selfServiceDevices.safeParse(settings.selfServiceDevices).data ?? "createAndEnable",
    selfServiceKeys: settings.selfServiceKeys !== false,
    roles: roles.map(({ arn, members }) => ({ arn, users: members })),
  });
  if (length <= POLICY_LIMIT) return [];
  const message =
    `expected a members' policy of at most ${POLICY_LIMIT} characters, got ${length}. ` +
    "Fix: give fewer users roles of their own, or use fewer roles";
  return [{ key: "users", message }];
}
