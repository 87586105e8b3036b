import * as pulumi from "@pulumi/pulumi";
import { inconsistencies } from "../arguments/consistency";
import { readArguments, TOO_LATE } from "../arguments/input";
import { ArgumentsError } from "../arguments/problem";
import { type AccessSettings, access, type UserSettings } from "../arguments/schema";
import { Members } from "../dynamic/dynamic-resource";
import { MfaGroup } from "../group/mfa-group";
import type { SelfServiceDevices } from "../group/self-service";
import { accountProvider } from "../role/account-provider";
import { MfaRole } from "../role/mfa-role";
import { type DeviceSecrets, MfaUser, originOf, type UserDevice } from "../user/mfa-user";
import { type AccessPlan, planAccess } from "./plan";
import { type Profile, profilesFor, profileText } from "./profile";

/** A user of an `MfaAccess`. */
export interface AccessUser {
  /** The user's name. */
  name: string;
  /** Whether the user exists already. Such a user is put into the group and given devices, no more. Default: false. */
  existing?: boolean | undefined;
  /** Whether a user that this created stays in AWS when they are removed from `users`. Default: false. */
  retainOnDelete?: boolean | undefined;
  /** The user's path, such as `/team/`. */
  path?: string | undefined;
  /** The ARN of the user's permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  /** The names of the user's virtual MFA devices, 1 to 8. Default: `devices` of all users. */
  devices?: string[] | undefined;
  /** The names of the roles that the user may assume. All of them if left out. */
  roles?: string[] | undefined;
}

/** Who may assume a role. */
export interface RoleTrust {
  /** Ids of accounts whose users can assume the role. */
  accounts?: string[] | undefined;
  /** Names of users of the same `MfaAccess`, or ARNs of users. */
  users?: string[] | undefined;
}

/** A role of an `MfaAccess`. */
export interface AccessRole {
  /** The role's name. */
  name: string;
  /** The maximum session duration, in seconds: 3600 to 43200. Default: 3600. */
  sessionSeconds?: pulumi.Input<number> | undefined;
  /** ARNs of managed policies. */
  managedPolicyArns?: pulumi.Input<string>[] | undefined;
  /** The role's own policy document, as JSON. */
  inlinePolicy?: pulumi.Input<string> | undefined;
  /** Who may assume the role. This account if left out. */
  trust?: RoleTrust | undefined;
  /** The maximum age of the MFA, in seconds: 1 to 129600. Any age if left out. */
  maxMfaAgeSeconds?: pulumi.Input<number> | undefined;
  /** The role's path, such as `/team/`. */
  path?: string | undefined;
  /** The ARN of the role's permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  /** A role in another account, which is assumed to create this role there. */
  assumeRoleArn?: string | undefined;
}

export interface MfaAccessArgs {
  /** The group's name. It must end in `MFA`. Default: `MFA`. */
  groupName?: pulumi.Input<string> | undefined;
  /** What users without MFA may do: create and enable a device (`createAndEnable`, the default), enable one (`enable`), or neither (`none`). */
  selfServiceDevices?: pulumi.Input<SelfServiceDevices>;
  /** Whether members may create, deactivate and delete their own access keys, with MFA. Default: true. */
  selfServiceKeys?: pulumi.Input<boolean> | undefined;
  /** The users, created or existing. */
  users?: AccessUser[] | undefined;
  /** The names of each user's virtual MFA devices, 1 to 8. Default: `phone`. */
  devices?: string[] | undefined;
  /** Names of users who stay in AWS and can leave the group with active credentials. */
  releaseUsers?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The roles, at least one. Default: `MFABasedAccess`, which can list buckets and objects. */
  roles?: AccessRole[] | undefined;
  /** The name of the AWS CLI profile that asks for a code. Default: `mfabasedaccess`. */
  profileName?: pulumi.Input<string> | undefined;
  /** The name of the AWS CLI profile that holds a user's access keys. Default: `default`. */
  sourceProfile?: pulumi.Input<string> | undefined;
  /** Tags of all resources that can have tags. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** A role as whoever assumes it needs to know it. */
export interface RoleAccess {
  /** The role's ARN. */
  arn: pulumi.Output<string>;
  /** The maximum session duration, in seconds. */
  sessionSeconds: pulumi.Output<number>;
}

/** What a user needs to know. What is known only when it is deployed is absent until then, as in an update of other resources alone. */
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
 * Access that needs MFA: a group with its guard, users with devices, and roles that can be assumed with MFA only.
 *
 * Users and roles are named in Pulumi as they are in AWS.
 */
export class MfaAccess extends pulumi.ComponentResource {
  /** The group's name, once the deny policy is attached: whoever is added by it is guarded from the start. */
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
  /** The seed and the QR code of each device: `alice`, and `alice/backup` for a further one. A secret. */
  readonly devices: pulumi.Output<Record<string, DeviceSecrets>>;

  /** @param plan what `planAccess` makes of the same arguments, for whoever has to know before anything is registered that they fit */
  constructor(name: string, args: MfaAccessArgs, opts?: pulumi.ComponentResourceOptions, plan?: AccessPlan) {
    const settings = readAccess(name, args);
    super("aws-mfa:index:MfaAccess", name, {}, opts);
    const child = { parent: this };
    const isStack = name === pulumi.getProject();
    // An older version of the stack's own program, which names this after its project, registered all of these on its own. Another
    // `MfaAccess` must not take them.
    const former = (name: string, type?: string): pulumi.ComponentResourceOptions => ({
      ...child,
      aliases: isStack
        ? [{ name, parent: pulumi.rootStackResource, ...(type && { type: `aws-mfa-stack:access:${type}` }) }]
        : [],
    });
    // Nothing is made before all arguments are known to fit.
    const planned = pulumi.output(plan ?? planAccess(name, settings, child));
    const { home } = planned;
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
      { watched: true },
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
    // Not in the plan: the policies do not wait for it.
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
        caller: home.caller.apply((caller) => settings.users.find(({ name }) => name === caller)?.name),
        project: name,
        region: home.region,
        account: home.account,
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
        { members, region: home.region, account: home.account },
      );
      const profiles = pulumi
        .all([planned, profileName, sourceProfile, sessions])
        .apply(([{ home, users }, profileName, sourceProfile, sessions]) => {
          const roles = sessions.flatMap((session) => {
            const role = users[index]?.roles.find(({ name }) => name === session.name);
            return role ? { ...session, arn: role.arn } : [];
          });
          return profilesFor({ profileName, sourceProfile, region: home.region, roles });
        });
      return { name, component, profiles };
    });

    const providers = new Map<string, pulumi.ProviderResource>();
    const roles = settings.roles.map((role, index) => {
      const { name: roleName, assumeRoleArn, trust: _, ...others } = role;
      if (assumeRoleArn && !providers.has(assumeRoleArn)) {
        providers.set(assumeRoleArn, accountProvider(name, this, assumeRoleArn, home.region));
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
          // AWS refuses a trust policy that names a user who is not there yet.
          dependsOn: users.filter(({ name }) => isNamed(role, name)).map(({ component }) => component),
          ...(provider && { providers: { aws: provider } }),
        },
      );
      return { name: roleName, component };
    });

    // Whoever is added by it goes before `members` does, which looks whether the group is empty.
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
    this.devices = pulumi.secret(
      pulumi
        .all(
          users.map(({ name, component }) => component.deviceSecrets.apply((secrets) => ({ name, secrets }))),
        )
        .apply((all) =>
          Object.fromEntries(
            all.flatMap(({ name, secrets }) =>
              Object.entries(secrets).map(([device, secret], index) => [
                index === 0 ? name : `${name}/${device}`,
                secret,
              ]),
            ),
          ),
        ),
    );
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

/** @throws ArgumentsError with every mistake among what is known */
export function readAccess(owner: string, args: MfaAccessArgs): AccessSettings {
  return readArguments(owner, access, args, inconsistencies(args));
}

/** Whether the role's trust policy names the user; for an ARN by the name at its end, whatever the path. */
function isNamed({ trust }: AccessRole, user: string): boolean {
  return trust?.users?.some((each) => each === user || each.endsWith(`/${user}`)) ?? false;
}
