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

/** The ARNs and rights that follow from the arguments and the account. All of them are known at preview. */
export interface AccessPlan {
  readonly deployment: Deployment;
  /** In the order of the arguments. */
  readonly users: readonly PlannedUser[];
  readonly roles: readonly PlannedRole[];
}

interface PlannedRole {
  readonly name: string;
  readonly arn: string;
  /** ARNs of the users and account roots that the trust policy names. */
  readonly principals: readonly string[];
  /** The members of the group who get the right to assume it. */
  readonly members: AssumableRole["users"];
}

interface PlannedUser {
  readonly arn: string;
  /** The roles that the user may assume, in the arguments' order. */
  readonly roles: readonly PlannedRole[];
}

/** The maximum length of a customer managed policy, without white space. */
const POLICY_LIMIT = 6144;

/**
 * Asks AWS for the account and the existing users, and plans with them.
 *
 * @param owner the prefix of each key in the messages
 * @param options the component, or the provider of the account
 * @throws ArgumentsError with every error of the arguments in this account
 */
export async function planAccess(
  owner: string,
  settings: AccessSettings,
  options: pulumi.InvokeOptions = {},
): Promise<AccessPlan> {
  const deployment = await findDeployment(options);
  const existing = await findExisting(settings.users, deployment, options);
  const plan = accessOf(settings, deployment, existing.arns);
  const problems = [
    ...existing.problems,
    ...contradictions(settings, plan),
    ...foreignArns(settings, deployment),
    ...tooLong(settings, plan),
  ];
  if (problems.length > 0) throw new ArgumentsError(owner, problems);
  return plan;
}

/**
 * Decides who may assume which role.
 *
 * A user may assume a role if its trust policy names the user or the users' account, and the user's own `roles`, if given, include it. If
 * no user's `roles` exclude a role, every member of the group may assume it, including members that the component did not add; otherwise
 * only the users that it names may.
 *
 * @param existing ARNs of the existing users, by name
 */
function accessOf(
  settings: AccessSettings,
  deployment: Deployment,
  existing: ReadonlyMap<string, string>,
): AccessPlan {
  const { partition, account } = deployment;
  const users = settings.users.map((settings) => ({
    settings,
    arn:
      existing.get(settings.name) ??
      `arn:${partition}:iam::${account}:user${settings.path ?? "/"}${settings.name}`,
  }));
  const ownRoot = accountRoot(deployment);

  const roles = settings.roles.map((settings): PlannedRole => {
    const principals = trusted(settings, deployment, users);
    const excluded = users.filter((user) => user.settings.roles?.includes(settings.name) === false);
    const named = users.filter(
      (user) => !excluded.includes(user) && (principals.includes(ownRoot) || principals.includes(user.arn)),
    );
    return {
      name: settings.name,
      arn: `arn:${partition}:iam::${settings.assumeRoleArn?.split(":")[4] ?? account}:role${settings.path ?? "/"}${settings.name}`,
      principals,
      members:
        principals.includes(ownRoot) && excluded.length === 0
          ? "every member"
          : named.map((user) => user.settings.name).sort(),
    };
  });

  const mayAssume = (user: string, { members }: PlannedRole) =>
    members === "every member" || members.includes(user);
  return {
    deployment,
    roles,
    users: users.map(({ arn, settings }) => ({
      arn,
      roles: roles.filter((role) => mayAssume(settings.name, role)),
    })),
  };
}

function trusted(
  role: RoleSettings,
  deployment: Deployment,
  users: readonly { settings: UserSettings; arn: string }[],
): string[] {
  if (role.trust === undefined) return [accountRoot(deployment)];
  return [
    ...role.trust.accounts.map((account) => accountRoot({ ...deployment, account })),
    ...role.trust.users.map((name) => users.find((user) => user.settings.name === name)?.arn ?? name),
  ];
}

/** Roles of a user that do not trust the user, and users whom a role trusts but whose roles exclude it. */
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

/** ARNs of another partition, which AWS would not find. */
function foreignArns(settings: AccessSettings, { partition }: Deployment): Problem[] {
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
    arn.startsWith(`arn:${partition}:`)
      ? []
      : notAllowed(key, arn, `an ARN of this account's partition, arn:${partition}:…`),
  );
}

/** Assumes the longest policy for settings that are not known yet. */
function tooLong(settings: AccessSettings, { deployment, roles }: AccessPlan): Problem[] {
  const { length } = memberPolicy({
    partition: deployment.partition,
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
