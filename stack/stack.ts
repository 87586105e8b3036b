import * as pulumi from "@pulumi/pulumi";
import { MfaAccess } from "../infra/access/mfa-access";
import { planAccess } from "../infra/access/plan";
import { deviceId } from "../infra/user/mfa-user";
import { readConfiguration } from "./configuration";

type AccessOutput =
  | "groupName"
  | "groupArn"
  | "denyPolicyName"
  | "denyPolicyArn"
  | "roles"
  | "users"
  | "devices";

export type StackOutputs = Pick<MfaAccess, AccessOutput> & {
  /** The seed of one device, `seed:alice` or `seed:alice/backup`. A secret of its own, to be read without the other seeds. */
  readonly [seed: `seed:${string}`]: pulumi.Output<string | undefined>;
};

/**
 * The project's stack: one `MfaAccess`, as configured.
 *
 * @throws ArgumentsError with every error in the configuration, before a resource is registered
 */
export async function mfaAccess(): Promise<StackOutputs> {
  const project = pulumi.getProject();
  const configuration = readConfiguration(pulumi.runtime.allConfig(), project);
  // With the project's name, error messages have the configuration's keys.
  const plan = await planAccess(project, configuration);
  const access = new MfaAccess(project, configuration, {}, plan);
  const { groupName, groupArn, denyPolicyName, denyPolicyArn, roles, users, devices } = access;
  const ids = configuration.users.flatMap((user) =>
    (user.devices ?? configuration.devices).map((device, index) => deviceId(user.name, device, index)),
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
