import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { readArguments } from "../arguments/input";
import { mfaUser } from "../arguments/schema";
import { findDeployment } from "../deployment";
import {
  type AwsLocation,
  DeviceRemoval,
  Members,
  type Origin,
  UserRelease,
} from "../dynamic/dynamic-resource";

export interface MfaUserArgs {
  /** The user's name. */
  userName: pulumi.Input<string>;
  /** The name of a group with a guard: `groupName` of an `MfaGroup`, or one of `groupNames` of an `MfaGuard`. */
  groupName: pulumi.Input<string>;
  /** Whether the user already exists. An existing user is only added to the group and given devices. Default: false. */
  existing?: boolean | undefined;
  /** Whether a user that the component created stays in AWS when the component is removed. Default: false. */
  retainOnDelete?: boolean | undefined;
  /** Whether a user who stays in AWS may leave the group with active credentials. Default: false. */
  release?: pulumi.Input<boolean> | undefined;
  /** The user's path, such as `/team/`. */
  path?: pulumi.Input<string> | undefined;
  /** The ARN of the user's permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  /** The names of the user's virtual MFA devices, 1 to 8. Default: `phone`. */
  devices?: string[] | undefined;
  /** Tags of the user and the devices. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** What an authenticator app needs to generate the codes of a device. */
export interface DeviceSecrets {
  /** The seed, in base32. */
  base32StringSeed: string;
  /** The QR code of the seed, a PNG image in base64. */
  qrCodePng: string;
}

/** A virtual MFA device. Its ARN is absent until it is deployed. */
export interface UserDevice {
  /** Its name in `devices`. */
  name: string;
  /** Its ARN, which is its serial number. */
  mfaSerial: pulumi.Output<string | undefined>;
}

/** What the users of one `MfaAccess` share. */
interface Shared extends AwsLocation {
  readonly members: Members;
}

/**
 * A member of a group with a guard, with virtual MFA devices: the first has the user's name (`mfa/alice`), each other one its own name
 * below it (`mfa/alice/backup`).
 *
 * A user that the component deletes loses all credentials before leaving the group.
 */
// Resources are deleted in reverse order. Deleting a user also removes the user from the group, so the membership is only dropped from the state.
export class MfaUser extends pulumi.ComponentResource {
  /** The user's name, once the user is in the group. */
  readonly userName: pulumi.Output<string>;
  /** The ARN of the first device, which is its serial number. */
  readonly mfaSerial: pulumi.Output<string | undefined>;
  /** The devices, in the order of the arguments. */
  readonly devices: UserDevice[];
  /** The seed and the QR code of each device, by its name. A secret. */
  readonly deviceSecrets: pulumi.Output<Record<string, DeviceSecrets>>;

  constructor(name: string, args: MfaUserArgs, opts?: pulumi.ComponentResourceOptions, access?: Shared) {
    const settings = readArguments(name, mfaUser, args);
    super("aws-mfa:index:MfaUser", name, {}, opts);
    const { userName, groupName, tags } = settings;
    const child = { parent: this };
    const origin = originOf(settings);
    const deletes = origin === "created";
    const { members, region, account } = access ?? alone(name, settings, child);

    const user =
      origin === "existing"
        ? undefined
        : new iam.User(
            name,
            {
              name: userName,
              path: settings.path,
              permissionsBoundary: settings.permissionsBoundary,
              // Users create their own access keys, and AWS refuses to delete a user who has any.
              forceDestroy: true,
              tags,
            },
            // Deleted before the guard.
            { ...child, dependsOn: members, ...retained(!deletes) },
          );

    const devices = settings.devices.map((deviceName, index) => {
      const isFirst = index === 0;
      const id = deviceId(name, deviceName, index);
      const device = new iam.VirtualMfaDevice(
        id,
        isFirst
          ? { virtualMfaDeviceName: userName, tags }
          : { virtualMfaDeviceName: deviceName, path: pulumi.interpolate`/${userName}/`, tags },
        {
          ...child,
          ...(user && { dependsOn: user }),
          // Two devices cannot have the same name.
          deleteBeforeReplace: true,
          // The provider does not mark these as secrets: the state would hold them in plain text.
          additionalSecretOutputs: ["base32StringSeed", "qrCodePng"],
        },
      );
      return { name: deviceName, id, device };
    });

    const removals = devices.map(
      ({ id, device }) =>
        new DeviceRemoval(id, { serialNumber: device.arn, userName, region, account }, child),
    );

    // Additive: the user's other groups stay.
    const membership = new iam.UserGroupMembership(
      name,
      { user: user?.name ?? userName, groups: [groupName] },
      {
        ...child,
        dependsOn: [members, ...devices.map(({ device }) => device)],
        ...retained(deletes),
      },
    );

    new UserRelease(
      name,
      // `MfaAccess` decides whether a user may leave before it changes anything.
      {
        userName,
        region,
        account,
        ...(access === undefined &&
          !deletes && { stays: pulumi.output(settings.release).apply((release) => !release) }),
      },
      {
        ...child,
        dependsOn: [...removals, membership],
        ...retained(!deletes && access !== undefined),
      },
    );

    this.userName = membership.user;
    this.devices = devices.map(({ name, device }) => ({ name, mfaSerial: serialOf(device) }));
    this.mfaSerial = this.devices[0]?.mfaSerial ?? pulumi.output(undefined);
    this.deviceSecrets = pulumi.secret(
      pulumi.all(Object.fromEntries(devices.map(({ name, device }) => [name, secretsOf(device)]))),
    );
    this.registerOutputs({ userName: this.userName, mfaSerial: this.mfaSerial, devices: this.devices });
  }
}

/**
 * The `Members` of a user without an `MfaAccess`. It depends on the output with the group's name, and so on the guard, which is deleted
 * after the user.
 */
function alone(
  name: string,
  settings: z.output<typeof mfaUser>,
  options: pulumi.CustomResourceOptions,
): Shared {
  const { region, account, caller } = pulumi.output(findDeployment(options));
  const { groupName } = settings;
  const userName = pulumi.output(settings.userName);
  const members = new Members(
    name,
    {
      groupName,
      ownsGroup: false,
      users: userName.apply((user) => ({ [user]: originOf(settings) })),
      devices: userName.apply((user) => ({ [user]: settings.devices })),
      caller: pulumi.all([caller, userName]).apply(([caller, user]) => (caller === user ? user : undefined)),
      project: name,
      region,
      account,
    },
    options,
  );
  return { members, region, account };
}

/** What identifies a device: the user's name for the first one, `alice/backup` for another. */
export function deviceId(user: string, device: string, index: number): string {
  return index === 0 ? user : `${user}/${device}`;
}

export function originOf({
  existing,
  retainOnDelete,
}: {
  existing: boolean;
  retainOnDelete: boolean;
}): Origin {
  if (existing) return "existing";
  return retainOnDelete ? "retained" : "created";
}

/** Never false: children without the option inherit the program's `retainOnDelete` of the component. */
function retained(stays: boolean): pulumi.CustomResourceOptions {
  return stays ? { retainOnDelete: true } : {};
}

/** The SDK's type does not say that the ARN is absent until the device is deployed. */
function serialOf({ arn }: iam.VirtualMfaDevice): pulumi.Output<string | undefined> {
  return arn;
}

function secretsOf({ base32StringSeed, qrCodePng }: iam.VirtualMfaDevice) {
  return pulumi
    .all([base32StringSeed, qrCodePng])
    .apply(([base32StringSeed, qrCodePng]) => ({ base32StringSeed, qrCodePng }));
}
