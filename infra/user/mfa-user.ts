import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { DeviceRemoval, type Members, type Origin, UserRelease } from "../dynamic/dynamic-resource";
import type { MfaGroup } from "../group/mfa-group";

export interface MfaUserArgs {
  readonly userName: string;
  /** `existing`: made by others, put into the group and given a device, no more. `retained`: stays in AWS when the stack lets go. */
  readonly origin: Origin;
  readonly path?: string | undefined;
  readonly permissionsBoundary?: string | undefined;
  /** Names of the user's devices, at least one. */
  readonly devices: readonly string[];
  readonly group: MfaGroup;
  readonly members: Members;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UserDevice {
  readonly name: string;
  /** The name of its resources and behind `seed:`: `alice`, `alice/backup`. */
  readonly id: string;
  readonly device: iam.VirtualMfaDevice;
}

/**
 * A member of the MFA group, with virtual MFA devices: the first bears the user's name, `mfa/alice`, and each further one its own
 * below that, `mfa/alice/backup`.
 *
 * What is registered later is deleted earlier. A user whom the stack deletes loses the credentials first and stays in the group
 * until they are deleted themselves, which takes them out: the membership is only forgotten.
 */
export class MfaUser extends pulumi.ComponentResource {
  /** Absent where the user existed already. */
  readonly user: iam.User | undefined;
  readonly devices: readonly UserDevice[];

  constructor(name: string, args: MfaUserArgs, opts?: pulumi.ComponentResourceOptions) {
    super("aws-mfa-stack:access:MfaUser", name, {}, opts);
    const { userName, tags, region, group, members, origin } = args;
    const child = { parent: this };
    const deletes = origin === "created";

    this.user =
      origin === "existing"
        ? undefined
        : new iam.User(
            name,
            {
              name: userName,
              path: args.path,
              permissionsBoundary: args.permissionsBoundary,
              // Users make their access keys by themselves, and AWS refuses to delete a user who has some.
              forceDestroy: true,
              tags,
            },
            // Deleted before the guard goes.
            { ...child, dependsOn: [group, members], retainOnDelete: !deletes },
          );

    this.devices = args.devices.map((deviceName, index) => {
      const isFirst = index === 0;
      const id = isFirst ? name : `${name}/${deviceName}`;
      const device = new iam.VirtualMfaDevice(
        id,
        isFirst
          ? { virtualMfaDeviceName: userName, tags }
          : { virtualMfaDeviceName: deviceName, path: `/${userName}/`, tags },
        {
          ...child,
          ...(this.user && { dependsOn: this.user }),
          // A new device of the same name has no place beside the old one.
          deleteBeforeReplace: true,
          // The provider does not mark these by itself: without this the seed lies in the state in clear text.
          additionalSecretOutputs: ["base32StringSeed", "qrCodePng"],
        },
      );
      return { name: deviceName, id, device };
    });

    const removals = this.devices.map(
      ({ id, device }) => new DeviceRemoval(id, { serialNumber: device.arn, userName, region }, child),
    );

    // Additive: groups that the user is in by other means stay.
    const membership = new iam.UserGroupMembership(
      name,
      { user: this.user?.name ?? userName, groups: [group.group.name] },
      {
        ...child,
        dependsOn: [group, members, ...this.devices.map(({ device }) => device)],
        retainOnDelete: deletes,
      },
    );

    new UserRelease(
      name,
      { userName, region },
      { ...child, dependsOn: [...removals, membership], retainOnDelete: !deletes },
    );

    this.registerOutputs({});
  }
}
