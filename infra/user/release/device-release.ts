import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

export interface DeviceReleaseArgs {
  /** The device's serial number, which is its ARN. */
  readonly serialNumber: pulumi.Input<string>;
  /** The user whom the device is for. */
  readonly userName: pulumi.Input<string>;
  readonly region: string;
}

const provider = readFileSync(join(__dirname, "provider.cjs"), "utf8");

/**
 * Deactivates a virtual MFA device before it is deleted. Creates nothing in AWS.
 *
 * AWS refuses to delete a device that is assigned to a user (`DeleteConflict`). The AWS provider deactivates
 * it only if its state knows the user, which it does not: the user enabled the device after the last `up`.
 * A resource that depends on the device is deleted before it, and so has the time to do it. A hook before
 * deletion would need the program to be there for `destroy`.
 *
 * It is a dynamic resource, registered as `pulumi.dynamic.Resource` does. That class would take the code out
 * of the running program, where it differs by what compiled it; read from a file it is the same always, so a
 * second `up` has nothing to change. It holds no secret: the credentials come from the configuration or from
 * where the AWS SDK looks for them.
 */
export class DeviceRelease extends pulumi.CustomResource {
  constructor(name: string, args: DeviceReleaseArgs, opts?: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRelease", name, { ...args, __provider: provider }, opts);
  }
}
