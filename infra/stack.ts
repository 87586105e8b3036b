import * as pulumi from "@pulumi/pulumi";
import { readConfiguration } from "./config/configuration";
import type { RoleConfiguration } from "./config/schema";
import { MfaGroup } from "./group/mfa-group";
import { findHome, type Home } from "./home";
import { MfaRole } from "./role/mfa-role";
import { MfaUser } from "./user/mfa-user";
import { profileText } from "./user/profile";

export interface StackOutputs {
  groupName: pulumi.Output<string>;
  groupArn: pulumi.Output<string>;
  denyPolicyName: pulumi.Output<string>;
  denyPolicyArn: pulumi.Output<string>;
  roles: Record<string, { arn: pulumi.Output<string>; sessionSeconds: number }>;
  users: Record<string, { mfaSerial: pulumi.Output<string>; profile: pulumi.Output<string> }>;
  /** A secret: who has a device's seed has its codes. */
  devices: pulumi.Output<Record<string, { base32StringSeed: string; qrCodePng: string }>>;
}

/**
 * Provisions MFA-enforced access as the project's configuration says.
 *
 * @throws ConfigurationError before any resource is registered
 */
export async function mfaAccess(): Promise<StackOutputs> {
  const project = pulumi.getProject();
  const configuration = readConfiguration(pulumi.runtime.allConfig(), project);
  const { groupName, selfServiceDevices } = configuration;
  const home = await findHome();
  const tags = {
    ManagedBy: "pulumi",
    "pulumi:project": project,
    "pulumi:stack": pulumi.getStack(),
    ...configuration.tags,
  };

  const group = new MfaGroup("group", {
    groupName,
    selfServiceDevices,
    partition: home.partition,
    roles: configuration.roles.map((role) => ({ arn: roleArn(home, role), users: "every member" as const })),
    tags,
  });

  const users = configuration.users.map((user) => ({
    name: user.name,
    access: new MfaUser(user.name, { ...user, userName: user.name, group, region: home.region, tags }),
  }));

  const roles = configuration.roles.map((role) => ({
    ...role,
    access: new MfaRole(role.name, {
      ...role,
      roleName: role.name,
      inlinePolicy: role.inlinePolicy && JSON.stringify(role.inlinePolicy),
      trust: {
        principals: [`arn:${home.partition}:iam::${home.account}:root`],
        maxMfaAgeSeconds: role.maxMfaAgeSeconds,
      },
      tags,
    }),
  }));

  return {
    groupName: group.group.name,
    groupArn: group.group.arn,
    denyPolicyName: group.denyPolicy.name,
    denyPolicyArn: group.denyPolicy.arn,
    roles: Object.fromEntries(
      roles.map(({ name, sessionSeconds, access }) => [name, { arn: access.role.arn, sessionSeconds }]),
    ),
    users: Object.fromEntries(
      users.map(({ name, access: { device } }) => [
        name,
        {
          mfaSerial: device.arn,
          profile: pulumi
            .all([device.arn, pulumi.all(roles.map((role) => role.access.role.arn))])
            .apply(([mfaSerial, arns]) =>
              profileText({
                ...configuration,
                region: home.region,
                mfaSerial,
                roles: roles.map((role, index) => ({
                  name: role.name,
                  arn: arns[index] ?? "",
                  sessionSeconds: role.sessionSeconds,
                })),
              }),
            ),
        },
      ]),
    ),
    devices: pulumi.secret(
      pulumi.all(
        Object.fromEntries(
          users.map(({ name, access: { device } }) => [
            name,
            pulumi
              .all([device.base32StringSeed, device.qrCodePng])
              .apply(([base32StringSeed, qrCodePng]) => ({ base32StringSeed, qrCodePng })),
          ]),
        ),
      ),
    ),
  };
}

/** The role's ARN as it will be, so that the group's policy is known before the role exists. */
function roleArn(home: Home, role: RoleConfiguration): string {
  return `arn:${home.partition}:iam::${home.account}:role${role.path ?? "/"}${role.name}`;
}
