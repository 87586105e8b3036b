import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** A file of this folder for each kind. */
type Kind = "device-removal" | "members" | "user-release";

/** Compiled, this file is in `dist/dynamic`, and what it reads is not. */
const FOLDER = __dirname.replace(/dist([\\/])dynamic$/, "dynamic");

/** The code of a kind as the state keeps it. It holds no secret: credentials come from the configuration or the environment. */
export function providerText(kind: Kind): string {
  return ["client", kind].map((file) => readFileSync(join(FOLDER, `${file}.cjs`), "utf8")).join("");
}

const KINDS = { DeviceRemoval: "device-removal", Members: "members", UserRelease: "user-release" } as const;

let own = false;

/** In the package's plugin: from now on the resources are the package's own, and their code stays here. */
export function serveOwnResources(): void {
  own = true;
}

/**
 * Registers as `pulumi.dynamic.Resource` does. That class would take the code out of the running program, where it differs by what
 * compiled it; read from a file it is always the same, so a second `up` has nothing to change.
 */
abstract class DynamicResource extends pulumi.CustomResource {
  constructor(type: keyof typeof KINDS, name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    const token = own ? `aws-mfa:index:${type}` : `pulumi-nodejs:dynamic/aws-mfa-stack:${type}`;
    super(
      token,
      name,
      { ...args, ...(own ? { aws: signIn() } : { __provider: providerText(KINDS[type]) }) },
      opts,
    );
  }
}

/** Where a resource's user and devices are. */
export interface Home {
  readonly region: pulumi.Input<string>;
  readonly account: pulumi.Input<string>;
}

/** How the program signs in to AWS, keys aside: for a `destroy`, which runs no program. */
function signIn(): pulumi.Output<Record<string, string>> {
  const aws = new pulumi.Config("aws");
  const given: Record<string, string> = {};
  for (const key of ["profile", "endpoints", "assumeRoles"]) {
    const value = aws.get(key);
    if (value !== undefined) given[key] = value;
  }
  return pulumi.secret(given);
}

/**
 * The code of one of the package's own resources.
 *
 * @param urn the resource's
 * @param setting a value of the `aws` configuration
 */
export async function handlerOf(
  urn: string,
  setting: (key: string) => string | undefined,
): Promise<pulumi.dynamic.ResourceProvider> {
  const kind = Object.entries(KINDS).find(([type]) => urn.includes(`aws-mfa:index:${type}::`))?.[1];
  if (kind === undefined) throw new Error(`Expected a resource of this package, got ${urn}.`);
  const text: { handler?: () => pulumi.dynamic.ResourceProvider } = {};
  new Function("exports", "require", providerText(kind))(text, require);
  const handler = text.handler?.();
  if (handler === undefined) throw new Error(`${kind} has no handler`);
  const get = (key: string) => setting(key.replace(/^aws:/, ""));
  await handler.configure?.({ config: { get, require: (key) => get(key) ?? "" } });
  return handler;
}

/**
 * Takes a virtual MFA device off its user and deletes it, when the device is to go. Creates nothing in AWS.
 *
 * AWS refuses to delete a device that is assigned to a user (`DeleteConflict`). The AWS provider deactivates it only if its state
 * knows the user, which it does not: the user enabled the device after the last `up`. Where it does know, after a refresh, it takes
 * a device that is deactivated already for one that is gone, and leaves it there. So deactivating alone is not enough; a device
 * that is gone suits the provider either way.
 *
 * A resource that depends on the device is deleted before it, and so has the time to do this. A hook before deletion would need the
 * program to be there for `destroy`.
 */
export class DeviceRemoval extends DynamicResource {
  /** @param args `serialNumber` is the device's ARN, `userName` whom it is for */
  constructor(
    name: string,
    args: Home & { serialNumber: pulumi.Input<string>; userName: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("DeviceRemoval", name, args, opts);
  }
}

/**
 * Makes a user's access keys and other credentials inactive and deletes the password, when the user is to go. Creates nothing in AWS.
 *
 * All else of the user is deleted after it: where AWS refuses this, the user stays in the group, and the next `up` tries again.
 */
export class UserRelease extends DynamicResource {
  /** @param args `stays`, of a user who stays in AWS: nothing is changed, and `true` refuses while they have live credentials */
  constructor(
    name: string,
    args: Home & { userName: pulumi.Input<string>; stays?: pulumi.Input<boolean> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("UserRelease", name, args, opts);
  }
}

/** Whether a component created a user and deletes them, created them and leaves them in AWS, or found them there. */
export type Origin = "created" | "retained" | "existing";

/**
 * Remembers the users of the last `up`, and refuses the next one where it would leave somebody with live credentials outside the
 * group, delete somebody who is to stay, take the only device from somebody, take users or a role of one account for those of another,
 * or lock its own caller out. It does so at preview too. Creates nothing in AWS.
 *
 * It is deleted after the users and before the guard, and refuses while somebody is in the group by other means.
 */
export class Members extends DynamicResource {
  /** The group's name: whatever takes it from here is deleted before this. */
  declare readonly groupName: pulumi.Output<string>;

  /**
   * @param args `ownsGroup`: `false` where the group has other members too; `devices`: the names of each user's devices, the first first;
   * `roles`: the account of each role; `releaseUsers`: who may leave the group with live credentials; `caller`: the listed user whose
   * credentials run this, or, for a guard, any user, and `guardedGroups` are the groups that get it; `project`: what stands before an argument's name in the messages, the
   * component's name
   */
  constructor(
    name: string,
    args: Home & {
      groupName?: pulumi.Input<string>;
      ownsGroup?: boolean;
      users: pulumi.Input<Readonly<Record<string, Origin>>>;
      devices: pulumi.Input<Readonly<Record<string, readonly string[]>>>;
      roles?: pulumi.Input<Readonly<Record<string, string | undefined>>>;
      releaseUsers: pulumi.Input<readonly string[]>;
      caller?: pulumi.Input<string | undefined>;
      guardedGroups?: readonly string[];
      project: string;
    },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super("Members", name, args, opts);
  }
}
