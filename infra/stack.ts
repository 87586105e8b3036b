import type * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { memberRights, planAccess } from "./access";
import { readConfiguration } from "./config/configuration";
import { ConfigurationError } from "./config/problem";
import type { UserConfiguration } from "./config/schema";
import { findDeployment } from "./deployment";
import { Members, type Origin } from "./dynamic/dynamic-resource";
import { MfaGroup } from "./group/mfa-group";
import { accountProvider } from "./role/account-provider";
import { MfaRole } from "./role/mfa-role";
import { findExisting } from "./user/existing-user";
import { MfaUser } from "./user/mfa-user";
import { type Profile, profilesFor, profileText } from "./user/profile";

export interface StackOutputs {
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly denyPolicyName: pulumi.Output<string>;
  readonly denyPolicyArn: pulumi.Output<string>;
  readonly roles: Readonly<Record<string, { arn: pulumi.Output<string>; sessionSeconds: number }>>;
  readonly users: Readonly<Record<string, UserOutputs>>;
  /** A secret: whoever has a device's seed has its codes. By the user's name, and `alice/backup` for a further device. */
  readonly devices: pulumi.Output<Record<string, { base32StringSeed: string; qrCodePng: string }>>;
  /** The seed of one device, `seed:alice` or `seed:alice/backup`, a secret: so that whoever needs one reads no other. */
  readonly [seed: `seed:${string}`]: pulumi.Output<string>;
}

/** What is known of a user only when it is deployed is absent until then, as in an update of other resources alone. */
export interface UserOutputs {
  /** Of the first device. */
  readonly mfaSerial: pulumi.Output<string | undefined>;
  readonly devices: readonly {
    readonly name: string;
    readonly mfaSerial: pulumi.Output<string | undefined>;
  }[];
  readonly profiles: readonly Profile[];
  /** The profiles as text for `~/.aws/config`. */
  readonly profile: pulumi.Output<string | undefined>;
}

/**
 * Provisions access that needs MFA, as the project's configuration says.
 *
 * Everything that can be wrong in the configuration is found out before a resource is registered.
 *
 * @throws ConfigurationError with every mistake, its key, what was expected and what was found
 */
export async function mfaAccess(): Promise<StackOutputs> {
  const project = pulumi.getProject();
  const configuration = readConfiguration(pulumi.runtime.allConfig(), project);
  const home = await findDeployment();
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

  const devicesOf = (user: UserConfiguration) => user.devices ?? configuration.devices;

  const group = new MfaGroup("group", {
    ...memberRights(configuration, access, home),
    groupName: configuration.groupName,
    tags,
  });

  const members = new Members(
    {
      groupName: configuration.groupName,
      users: Object.fromEntries(configuration.users.map((user) => [user.name, originOf(user)])),
      devices: Object.fromEntries(configuration.users.map((user) => [user.name, devicesOf(user)])),
      releaseUsers: configuration.releaseUsers,
      caller: configuration.users.find(({ name }) => name === home.caller)?.name,
      project,
      region: home.region,
    },
    { dependsOn: group },
  );

  const users = access.users.map((plan) => {
    const { name, path, permissionsBoundary } = plan.settings;
    const origin = originOf(plan.settings);
    const { region } = home;
    const user = new MfaUser(name, {
      userName: name,
      origin,
      path,
      permissionsBoundary,
      devices: devicesOf(plan.settings),
      group,
      members,
      region,
      tags,
    });
    return { plan, name, user };
  });

  const devices = users.flatMap(({ user }) => user.devices);

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
      users.map(({ plan, name, user }) => {
        const profiles = profilesFor({
          profileName: configuration.profileName,
          sourceProfile: configuration.sourceProfile,
          region: home.region,
          roles: plan.roles.map(({ arn, settings }) => ({ ...settings, arn })),
        });
        const devices = user.devices.map(({ name, device }) => ({ name, mfaSerial: serialOf(device) }));
        const mfaSerial = devices[0]?.mfaSerial ?? pulumi.output(undefined);
        const profile = mfaSerial.apply((serial) => serial && profileText(profiles, serial));
        return [name, { mfaSerial, devices, profiles, profile }];
      }),
    ),
    devices: pulumi.secret(
      pulumi.all(Object.fromEntries(devices.map(({ id, device }) => [id, secretsOf(device)]))),
    ),
    ...Object.fromEntries(
      devices.map(({ id, device }) => [`seed:${id}`, pulumi.secret(device.base32StringSeed)]),
    ),
  };
}

/** Unknown to the SDK's types, an ARN is absent where the device is not deployed yet. */
function serialOf({ arn }: iam.VirtualMfaDevice): pulumi.Output<string | undefined> {
  return arn;
}

function originOf({ existing, retainOnDelete }: UserConfiguration): Origin {
  if (existing) return "existing";
  return retainOnDelete ? "retained" : "created";
}

function secretsOf({ base32StringSeed, qrCodePng }: iam.VirtualMfaDevice) {
  return pulumi
    .all([base32StringSeed, qrCodePng])
    .apply(([base32StringSeed, qrCodePng]) => ({ base32StringSeed, qrCodePng }));
}
