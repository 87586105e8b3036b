import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { memberRights, type PlannedUser, planAccess } from "./access";
import { readConfiguration } from "./config/configuration";
import { ConfigurationError } from "./config/problem";
import type { Configuration } from "./config/schema";
import { MfaGroup } from "./group/mfa-group";
import { findHome, type Home } from "./home";
import { accountProvider } from "./role/account-provider";
import { MfaRole } from "./role/mfa-role";
import { findExisting } from "./user/existing";
import { MfaUser } from "./user/mfa-user";
import { profileText } from "./user/profile";

export interface StackOutputs {
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly denyPolicyName: pulumi.Output<string>;
  readonly denyPolicyArn: pulumi.Output<string>;
  readonly roles: Readonly<Record<string, { arn: pulumi.Output<string>; sessionSeconds: number }>>;
  /** `profile` is the text for `~/.aws/config`, with all profiles of the user. */
  readonly users: Readonly<
    Record<string, { mfaSerial: pulumi.Output<string>; profile: pulumi.Output<string> }>
  >;
  /** A secret: whoever has a device's seed has its codes. */
  readonly devices: pulumi.Output<Record<string, { base32StringSeed: string; qrCodePng: string }>>;
}

/**
 * Provisions access that needs MFA, as the project's configuration says.
 *
 * Everything that can be wrong in the configuration is found out before a resource is registered.
 *
 * @throws ConfigurationError with every mistake, its key, what was found and what is allowed
 */
export async function mfaAccess(): Promise<StackOutputs> {
  const project = pulumi.getProject();
  const configuration = readConfiguration(pulumi.runtime.allConfig(), project);
  const home = await findHome();
  const existing = await findExisting(configuration.users, home);
  const { access, problems } = planAccess(configuration, home, existing.arns);
  if (existing.problems.length + problems.length > 0) {
    throw new ConfigurationError(project, [...existing.problems, ...problems]);
  }
  const tags = {
    ManagedBy: "pulumi",
    "pulumi:project": project,
    "pulumi:stack": pulumi.getStack(),
    ...configuration.tags,
  };

  const group = new MfaGroup("group", {
    ...memberRights(configuration, access, home),
    groupName: configuration.groupName,
    tags,
  });

  const users = access.users.map((plan) => {
    const { name } = plan.settings;
    const user = new MfaUser(name, { ...plan.settings, userName: name, group, region: home.region, tags });
    return { plan, name, user };
  });

  const providers = new Map<string, pulumi.ProviderResource>();
  const roles = access.roles.map((plan) => {
    const { name, assumeRoleArn, ...settings } = plan.settings;
    if (assumeRoleArn && !providers.has(assumeRoleArn)) {
      providers.set(assumeRoleArn, accountProvider(assumeRoleArn, home.region));
    }
    const provider = providers.get(assumeRoleArn ?? "");
    const role = new MfaRole(
      name,
      {
        ...settings,
        roleName: name,
        trust: { principals: plan.principals, maxMfaAgeSeconds: settings.maxMfaAgeSeconds },
        tags,
      },
      {
        // AWS refuses a trust policy that names a user who is not there yet.
        dependsOn: users.filter(({ plan: { arn } }) => plan.principals.includes(arn)).map(({ user }) => user),
        ...(provider && { providers: { aws: provider } }),
      },
    );
    return { plan, name, role };
  });

  return {
    groupName: group.group.name,
    groupArn: group.group.arn,
    denyPolicyName: group.denyPolicy.name,
    denyPolicyArn: group.denyPolicy.arn,
    roles: Object.fromEntries(
      roles.map(({ plan, name, role: { role } }) => [
        name,
        { arn: role.arn, sessionSeconds: plan.settings.sessionSeconds },
      ]),
    ),
    users: Object.fromEntries(
      users.map(({ plan, name, user: { device } }) => [
        name,
        {
          mfaSerial: device.arn,
          profile: device.arn.apply((mfaSerial) => profileOf(plan, mfaSerial, configuration, home)),
        },
      ]),
    ),
    devices: pulumi.secret(
      pulumi.all(Object.fromEntries(users.map(({ name, user: { device } }) => [name, secretsOf(device)]))),
    ),
  };
}

function profileOf(user: PlannedUser, mfaSerial: string, configuration: Configuration, home: Home): string {
  return profileText({
    profileName: configuration.profileName,
    sourceProfile: configuration.sourceProfile,
    region: home.region,
    mfaSerial,
    roles: user.roles.map(({ arn, settings }) => ({ ...settings, arn })),
  });
}

function secretsOf({ base32StringSeed, qrCodePng }: iam.VirtualMfaDevice) {
  return pulumi
    .all([base32StringSeed, qrCodePng])
    .apply(([base32StringSeed, qrCodePng]) => ({ base32StringSeed, qrCodePng }));
}
