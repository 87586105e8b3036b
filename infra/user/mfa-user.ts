import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { MfaGroup } from "../group/mfa-group";
import { DeviceRemoval } from "./removal/device-removal";

export interface MfaUserArgs {
  readonly userName: string;
  /** The user is there already, made by others: it is put into the group and given a device, no more. */
  readonly existing: boolean;
  readonly path?: string | undefined;
  readonly permissionsBoundary?: string | undefined;
  readonly group: MfaGroup;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A member of the MFA group, with a virtual MFA device that bears the user's name. */
export class MfaUser extends pulumi.ComponentResource {
  /** Absent where the user existed already. */
  readonly user: iam.User | undefined;
  readonly device: iam.VirtualMfaDevice;

  constructor(name: string, args: MfaUserArgs, opts?: pulumi.ComponentResourceOptions) {
    super("aws-mfa-stack:access:MfaUser", name, {}, opts);
    const { userName, tags } = args;
    const child = { parent: this };

    this.user = args.existing
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
          child,
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

    new DeviceRemoval(
      name,
      { serialNumber: this.device.arn, userName: this.user?.name ?? userName, region: args.region },
      child,
    );

    // Additive: groups that the user is in by other means stay.
    new iam.UserGroupMembership(
      name,
      { user: this.user?.name ?? userName, groups: [args.group.group.name] },
      { ...child, dependsOn: [args.group, this.device] },
    );

    this.registerOutputs({});
  }
}
