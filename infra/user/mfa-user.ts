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
  readonly group: MfaGroup;
  readonly members: Members;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A member of the MFA group, with a virtual MFA device that bears the user's name.
 *
 * What is registered later is deleted earlier. A user whom the stack deletes loses the credentials first and stays in the group
 * until they are deleted themselves, which takes them out: the membership is only forgotten.
 */
export class MfaUser extends pulumi.ComponentResource {
  /** Absent where the user existed already. */
  readonly user: iam.User | undefined;
  readonly device: iam.VirtualMfaDevice;

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

    this.device = new iam.VirtualMfaDevice(
      name,
      { virtualMfaDeviceName: userName, tags },
      {
        ...child,
        ...(this.user && { dependsOn: this.user }),
        // A new device of the same name has no place beside the old one.
        deleteBeforeReplace: true,
        // The provider does not mark these by itself: without this the seed lies in the state in clear text.
        additionalSecretOutputs: ["base32StringSeed", "qrCodePng"],
      },
    );

    const removal = new DeviceRemoval(name, { serialNumber: this.device.arn, userName, region }, child);

    // Additive: groups that the user is in by other means stay.
    const membership = new iam.UserGroupMembership(
      name,
      { user: this.user?.name ?? userName, groups: [group.group.name] },
      { ...child, dependsOn: [group, members, this.device], retainOnDelete: deletes },
    );

    new UserRelease(
      name,
      { userName, region },
      { ...child, dependsOn: [removal, membership], retainOnDelete: !deletes },
    );

    this.registerOutputs({});
  }
}
