import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

export interface DeviceRemovalArgs {
  /** The device's serial number, which is its ARN. */
  readonly serialNumber: pulumi.Input<string>;
  /** The user whom the device is for. */
  readonly userName: pulumi.Input<string>;
  readonly region: string;
}

const provider = readFileSync(join(__dirname, "provider.cjs"), "utf8");

/**
 * Takes a virtual MFA device off its user and deletes it, when the device is to go. Creates nothing in AWS.
 *
 * AWS refuses to delete a device that is assigned to a user (`DeleteConflict`). The AWS provider deactivates
 * it only if its state knows the user, which it does not: the user enabled the device after the last `up`.
 * Where it does know, after a refresh, it takes a device that is deactivated already for one that is gone,
 * and leaves it there. So deactivating alone is not enough; a device that is gone suits the provider either way.
 *
 * A resource that depends on the device is deleted before it, and so has the time to do this. A hook before
 * deletion would need the program to be there for `destroy`.
 *
 * It is a dynamic resource, registered as `pulumi.dynamic.Resource` does. That class would take the code out
 * of the running program, where it differs by what compiled it; read from a file it is the same always, so a
 * second `up` has nothing to change. It holds no secret: the credentials come from the configuration or from
 * where the AWS SDK looks for them.
 */
export class DeviceRemoval extends pulumi.CustomResource {
  constructor(name: string, args: DeviceRemovalArgs, opts?: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/aws-mfa-stack:DeviceRemoval", name, { ...args, __provider: provider }, opts);
  }
}
