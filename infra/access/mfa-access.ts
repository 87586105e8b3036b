import * as pulumi from "@pulumi/pulumi";
import { inconsistencies } from "../arguments/consistency";
import { readArguments, TOO_LATE } from "../arguments/input";
import { ArgumentsError } from "../arguments/problem";
import { type AccessSettings, access, type UserSettings } from "../arguments/schema";
import { Members } from "../dynamic/dynamic-resource";
import { MfaGroup } from "../group/mfa-group";
import { accountProvider } from "../role/account-provider";
import { MfaRole } from "../role/mfa-role";
import { type DeviceSecrets, deviceId, MfaUser, originOf, type UserDevice } from "../user/mfa-user";
import type { AccessRole, MfaAccessArgs } from "./arguments";
import { type AccessPlan, planAccess } from "./plan";
import { type Profile, profilesFor, profileText } from "./profile";

/** What a user needs to know to assume a role. */
export interface RoleAccess {
  /** The role's ARN. */
  arn: pulumi.Output<string>;
  /** The maximum session duration, in seconds. */
  sessionSeconds: pulumi.Output<number>;
}

/** What a user needs to know to sign in. A value is absent until the device is deployed, as in a targeted update of other resources. */
export interface UserAccess {
  /** The ARN of the first device, which is its serial number. */
  mfaSerial: pulumi.Output<string | undefined>;
  /** The devices, in the order of the arguments. */
  devices: UserDevice[];
  /** The AWS CLI profiles, one for each role that the user may assume. */
  profiles: pulumi.Output<Profile[]>;
  /** The profiles as text for `~/.aws/config`. */
  profile: pulumi.Output<string | undefined>;
}

/**
 * Access that requires MFA: a group with its guard, users with devices, and roles that can be assumed with MFA only.
 *
 * Users and roles have the same names in Pulumi and in AWS.
 */
export class MfaAccess extends pulumi.ComponentResource {
  /** The group's name, known once the deny policy is attached: users added with it are guarded from the start. */
  readonly groupName: pulumi.Output<string>;
  /** The group's ARN. */
  readonly groupArn: pulumi.Output<string>;
  /** The deny policy's name. */
  readonly denyPolicyName: pulumi.Output<string>;
  /** The deny policy's ARN. */
  readonly denyPolicyArn: pulumi.Output<string>;
  /** The roles, by name. */
  readonly roles: Record<string, RoleAccess>;
  /** The users, by name. */
  readonly users: Record<string, UserAccess>;
  /** The seed and the QR code of each device: `alice` for the user's first one, `alice/backup` for another. A secret. */
  readonly devices: pulumi.Output<Record<string, DeviceSecrets>>;

  /** @param plan the result of `planAccess` for the same arguments, if the caller needs its errors before a resource is registered */
  constructor(name: string, args: MfaAccessArgs, opts?: pulumi.ComponentResourceOptions, plan?: AccessPlan) {
    const settings = readAccess(name, args);
    super("aws-mfa:index:MfaAccess", name, {}, opts);
    const child = { parent: this };
    const isStack = name === pulumi.getProject();
    // An older version of the stack's own program, whose `MfaAccess` has the project's name, registered these without a parent. Another
    // `MfaAccess` must not adopt them.
    const former = (name: string, type?: string): pulumi.ComponentResourceOptions => ({
      ...child,
      aliases: isStack
        ? [{ name, parent: pulumi.rootStackResource, ...(type && { type: `aws-mfa-stack:access:${type}` }) }]
        : [],
    });
    // No resource is registered before the plan has no errors.
    const planned = pulumi.output(plan ?? planAccess(name, settings, child));
    const { region, account, caller } = planned.deployment;
    const groupName = planned.apply(() => pulumi.output(settings.groupName));
    const tags = pulumi.output(settings.tags).apply((tags) => ({
      ManagedBy: "pulumi",
      "pulumi:project": pulumi.getProject(),
      "pulumi:stack": pulumi.getStack(),
      ...tags,
    }));

    const group = new MfaGroup(
      name,
      {
        groupName,
        selfServiceDevices: settings.selfServiceDevices,
        selfServiceKeys: settings.selfServiceKeys,
        roles: planned.apply(({ roles }) =>
          roles.map(({ arn, members }) => ({
            arn,
            ...(members !== "every member" && { userNames: [...members] }),
          })),
        ),
        tags,
      },
      former("group", "MfaGroup"),
      { hasMembers: true },
    );

    const { profileName, sourceProfile, releaseUsers } = pulumi
      .output({
        profileName: settings.profileName,
        sourceProfile: settings.sourceProfile,
        releaseUsers: settings.releaseUsers,
      })
      .apply((known) => {
        const problems = inconsistencies({ ...args, ...known });
        if (problems.length > 0) throw new ArgumentsError(name, problems, TOO_LATE);
        return known;
      });
    // Not in the plan, so that the policies do not wait for it.
    const sessions = pulumi.output(
      settings.roles.map(({ name, sessionSeconds }) => ({ name, sessionSeconds })),
    );

    const devicesOf = (user: UserSettings) => user.devices ?? settings.devices;
    const byName = <T>(of: (user: UserSettings) => T) =>
      Object.fromEntries(settings.users.map((user) => [user.name, of(user)]));
    const members = new Members(
      name,
      {
        groupName,
        users: byName(originOf),
        devices: byName(devicesOf),
        roles: planned.apply(({ roles }) =>
          Object.fromEntries(roles.map(({ name, arn }) => [name, arn.split(":")[4]])),
        ),
        releaseUsers,
        caller: caller.apply((caller) => settings.users.find(({ name }) => name === caller)?.name),
        project: name,
        region,
        account,
      },
      { ...former("members"), dependsOn: group },
    );

    const users = settings.users.map((user, index) => {
      const { name, existing, retainOnDelete, path, permissionsBoundary } = user;
      const component = new MfaUser(
        name,
        {
          userName: planned.apply(() => name),
          groupName: group.groupName,
          existing,
          retainOnDelete,
          path,
          permissionsBoundary,
          devices: devicesOf(user),
          tags,
        },
        former(name, "MfaUser"),
        { members, region, account },
      );
      const profiles = pulumi
        .all([planned, profileName, sourceProfile, sessions])
        .apply(([{ deployment, users }, profileName, sourceProfile, sessions]) => {
          const roles = sessions.flatMap((session) => {
            const role = users[index]?.roles.find(({ name }) => name === session.name);
            return role ? { ...session, arn: role.arn } : [];
          });
          return profilesFor({ profileName, sourceProfile, region: deployment.region, roles });
        });
      return { name, component, profiles };
    });

    const providers = new Map<string, pulumi.ProviderResource>();
    const roles = settings.roles.map((role, index) => {
      const { name: roleName, assumeRoleArn, trust: _, ...others } = role;
      if (assumeRoleArn && !providers.has(assumeRoleArn)) {
        providers.set(assumeRoleArn, accountProvider(name, this, assumeRoleArn, region));
      }
      const provider = providers.get(assumeRoleArn ?? "");
      const component = new MfaRole(
        roleName,
        {
          ...others,
          roleName: planned.apply(() => roleName),
          trustedArns: planned.apply(({ roles }) => [...(roles[index]?.principals ?? [])]),
          tags,
        },
        {
          ...former(roleName, "MfaRole"),
          // AWS refuses a trust policy that names a user who does not exist.
          dependsOn: users.filter(({ name }) => isNamed(role, name)).map(({ component }) => component),
          ...(provider && { providers: { aws: provider } }),
        },
      );
      return { name: roleName, component };
    });

    // Users added with it are removed before `members`, which requires an empty group.
    this.groupName = members.groupName;
    this.groupArn = group.groupArn;
    this.denyPolicyName = group.denyPolicyName;
    this.denyPolicyArn = group.denyPolicyArn;
    this.roles = Object.fromEntries(
      roles.map(({ name, component: { roleArn, sessionSeconds } }) => [
        name,
        { arn: roleArn, sessionSeconds },
      ]),
    );
    this.users = Object.fromEntries(
      users.map(({ name, component: { mfaSerial, devices }, profiles }) => {
        const profile = pulumi
          .all([profiles, mfaSerial])
          .apply(([profiles, serial]) => serial && profileText(profiles, serial));
        return [name, { mfaSerial, devices, profiles, profile }];
      }),
    );
    // In the order of the devices: an object has keys that are numbers first.
    const secrets = users.map(({ name, component }) =>
      component.deviceSecrets.apply((byDevice) =>
        component.devices.flatMap(({ name: device }, index) => {
          const secret = byDevice[device];
          return secret ? [[deviceId(name, device, index), secret] as const] : [];
        }),
      ),
    );
    this.devices = pulumi.secret(pulumi.all(secrets).apply((all) => Object.fromEntries(all.flat())));
    this.registerOutputs({
      groupName: this.groupName,
      groupArn: this.groupArn,
      denyPolicyName: this.denyPolicyName,
      denyPolicyArn: this.denyPolicyArn,
      roles: this.roles,
      users: this.users,
    });
  }
}

/** @throws ArgumentsError with every error in the known arguments */
export function readAccess(owner: string, args: MfaAccessArgs): AccessSettings {
  return readArguments(owner, access, args, inconsistencies(args));
}

/** Whether the role's trust policy names the user. An ARN names the user at its end, whatever the path. */
function isNamed({ trust }: AccessRole, user: string): boolean {
  return trust?.users?.some((each) => each === user || each.endsWith(`/${user}`)) ?? false;
}
