import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** The file of each resource type in this folder. */
const FILES = { DeviceRemoval: "device-removal", Members: "members", UserRelease: "user-release" } as const;
type Type = keyof typeof FILES;
type File = (typeof FILES)[Type];

/** Compiled, this file is in `dist/dynamic`; the `.cjs` files are not. */
const FOLDER = __dirname.replace(/dist([\\/])dynamic$/, "dynamic");

/** The code of a provider, which the state holds. It contains no secret: credentials come from the configuration or the environment. */
export function providerText(file: File): string {
  return ["client", file].map((name) => readFileSync(join(FOLDER, `${name}.cjs`), "utf8")).join("");
}

/** A provider, configured with values of the `aws` configuration. */
export async function configuredProvider(
  file: File,
  get: (key: string) => string | undefined,
): Promise<pulumi.dynamic.ResourceProvider> {
  const exported: { handler?: () => pulumi.dynamic.ResourceProvider } = {};
  new Function("exports", "require", providerText(file))(exported, require);
  const provider = exported.handler?.();
  if (provider === undefined) throw new Error(`${file}.cjs exports no handler.`);
  await provider.configure?.({ config: { get, require: (key) => get(key) ?? "" } });
  return provider;
}

let served = false;

/** Registers the resources as the package's own from now on, served by its plugin: the state does not hold their code. */
export function serveOwnResources(): void {
  served = true;
}

/** The file of a resource that the plugin serves. Throws for any other URN. */
export function fileOf(urn: string): File {
  const file = Object.entries(FILES).find(([type]) => urn.includes(`aws-mfa:index:${type}::`))?.[1];
  if (file === undefined) throw new Error(`Expected a resource of this package, got ${urn}.`);
  return file;
}

/**
 * Registers a resource as `pulumi.dynamic.Resource` does. That class would serialize the code of the running program, which depends on
 * its compiler; code from a file is always the same, so a second `up` changes nothing.
 */
abstract class DynamicResource extends pulumi.CustomResource {
  constructor(type: Type, name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    const token = served ? `aws-mfa:index:${type}` : `pulumi-nodejs:dynamic/aws-mfa-stack:${type}`;
    const code = served ? { aws: awsConfiguration() } : { __provider: providerText(FILES[type]) };
    super(token, name, { ...args, ...code }, opts);
  }
}

/** Where a user and the user's devices are. */
export interface AwsLocation {
  readonly region: pulumi.Input<string>;
  readonly account: pulumi.Input<string>;
}

/** The program's `aws` configuration without keys, for a `destroy`, which runs no program. */
function awsConfiguration(): pulumi.Output<Record<string, string>> {
  const aws = new pulumi.Config("aws");
  const given: Record<string, string> = {};
  for (const key of ["profile", "endpoints", "assumeRoles"]) {
    const value = aws.get(key);
    if (value !== undefined) given[key] = value;
  }
  return pulumi.secret(given);
}

/**
 * Deactivates and deletes a virtual MFA device when it is removed. Creates nothing in AWS.
 *
 * AWS refuses to delete a device that is assigned to a user (`DeleteConflict`). The AWS provider deactivates a device only if its state
 * has the user, which it does not: the user enables the device after the last `up`. After a refresh the state has the user, but then the
 * provider takes a deactivated device for a deleted one, and leaves it in AWS. So this deletes the device too; the provider accepts that.
 *
 * A resource that depends on the device is deleted before it. A hook before deletion would require the program during `destroy`.
 */
export class DeviceRemoval extends DynamicResource {
  /** @param args `serialNumber`: the device's ARN */
  constructor(
    name: string,
    args: AwsLocation & { serialNumber: pulumi.Input<string>; userName: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("DeviceRemoval", name, args, opts);
  }
}

/**
 * Deactivates a user's access keys and other credentials and deletes the password when the user is removed. Creates nothing in AWS.
 *
 * The user's other resources are deleted after it: if AWS refuses this, the user stays in the group, and the next `up` tries again.
 */
export class UserRelease extends DynamicResource {
  /** @param args `stays`, for a user who stays in AWS: changes nothing, and `true` refuses to go on while credentials are active */
  constructor(
    name: string,
    args: AwsLocation & { userName: pulumi.Input<string>; stays?: pulumi.Input<boolean> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("UserRelease", name, args, opts);
  }
}

/** Whether a component creates and deletes a user, creates and retains the user, or found the user in AWS. */
export type Origin = "created" | "retained" | "existing";

/**
 * Holds the users of the last `up`, and refuses the next one, in a preview too, if it would let a user leave the group with active
 * credentials, delete a user who must stay, delete a user's only device, confuse the users or roles of two accounts, or lock out its
 * own caller. Creates nothing in AWS.
 *
 * It is deleted after the users and before the guard, and then refuses while the group has other members.
 */
export class Members extends DynamicResource {
  /** The group's name. Resources that use this output are deleted before this one. */
  declare readonly groupName: pulumi.Output<string>;

  /**
   * @param args `ownsGroup`: `false` if the group has other members too; `devices`: the names of each user's devices, in order; `roles`:
   * the account of each role; `releaseUsers`: who may leave the group with active credentials; `caller`: the listed user who runs the
   * program, or any user for a guard of the groups `guardedGroups`; `project`: the component's name, for messages
   */
  constructor(
    name: string,
    args: AwsLocation & {
      groupName?: pulumi.Input<string>;
      ownsGroup?: boolean;
      users?: pulumi.Input<Readonly<Record<string, Origin>>>;
      devices?: pulumi.Input<Readonly<Record<string, readonly string[]>>>;
      roles?: pulumi.Input<Readonly<Record<string, string | undefined>>>;
      releaseUsers?: pulumi.Input<readonly string[]>;
      caller?: pulumi.Input<string | undefined>;
      guardedGroups?: readonly string[];
      project: string;
    },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("Members", name, { users: {}, devices: {}, releaseUsers: [], ...args }, opts);
  }
}
