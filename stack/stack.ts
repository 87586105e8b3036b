import * as pulumi from "@pulumi/pulumi";
import { MfaAccess, type RoleAccess, type UserAccess } from "../infra/access/mfa-access";
import { planAccess } from "../infra/access/plan";
import type { DeviceSecrets } from "../infra/user/mfa-user";
import { readConfiguration } from "./configuration";

export interface StackOutputs {
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly denyPolicyName: pulumi.Output<string>;
  readonly denyPolicyArn: pulumi.Output<string>;
  readonly roles: Readonly<Record<string, RoleAccess>>;
  readonly users: Readonly<Record<string, UserAccess>>;
  /** A secret: whoever has a device's seed has its codes. By the user's name, and `alice/backup` for a further device. */
  readonly devices: pulumi.Output<Record<string, DeviceSecrets>>;
  /** The seed of one device, `seed:alice` or `seed:alice/backup`, a secret: so that whoever needs one reads no other. */
  readonly [seed: `seed:${string}`]: pulumi.Output<string | undefined>;
}

/**
 * The project's stack: one `MfaAccess`, as the configuration says.
 *
 * Everything that can be wrong in the configuration is found out before a resource is registered.
 *
 * @throws ArgumentsError with every mistake, its key, what was expected and what was found
 */
export async function mfaAccess(): Promise<StackOutputs> {
  const project = pulumi.getProject();
  const configuration = readConfiguration(pulumi.runtime.allConfig(), project);
  // Named as the project, for messages that name keys as they are in the configuration.
  const plan = await planAccess(project, configuration);
  const access = new MfaAccess(project, configuration, {}, plan);
  const { groupName, groupArn, denyPolicyName, denyPolicyArn, roles, users, devices } = access;
  const ids = configuration.users.flatMap((user) =>
    (user.devices ?? configuration.devices).map((name, index) =>
      index === 0 ? user.name : `${user.name}/${name}`,
    ),
  );
  const seeds = ids.map((id) => [`seed:${id}`, devices.apply((all) => all[id]?.base32StringSeed)]);
  return {
    groupName,
    groupArn,
    denyPolicyName,
    denyPolicyArn,
    roles,
    users,
    devices,
    ...Object.fromEntries(seeds),
  };
}
