import {
  DeactivateMFADeviceCommand,
  IAMClient,
  type IAMClientConfig,
  NoSuchEntityException,
} from "@aws-sdk/client-iam";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import * as pulumi from "@pulumi/pulumi";

interface Release {
  readonly serialNumber: string;
  readonly userName: string;
  readonly region: string;
}

/** An entry of the `aws` provider's `assumeRoles`. */
interface AssumedRole {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
}

/**
 * Deactivates a virtual MFA device when it is to be deleted.
 *
 * AWS refuses to delete a device that is assigned to a user (`DeleteConflict`). The provider deactivates
 * it only if its state knows the user, which it does not: the user enabled the device after the last `up`.
 * A resource that depends on the device is deleted before it, and so has the time to do it.
 *
 * A hook before deletion would need the program to be there for `destroy` (`--run-program`); the code of
 * a dynamic resource lies in the state. It is kept small for that reason, and holds no secret: the
 * credentials are those of the `aws` configuration, or found where the AWS SDK looks for them.
 */
class DeviceReleaseProvider implements pulumi.dynamic.ResourceProvider<Release, Release> {
  private config: pulumi.dynamic.Config | undefined = undefined;

  async configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.config = request.config;
  }

  async create(inputs: Release): Promise<pulumi.dynamic.CreateResult<Release>> {
    return { id: inputs.serialNumber, outs: inputs };
  }

  async diff(_id: string, old: Release, next: Release): Promise<pulumi.dynamic.DiffResult> {
    const replaces = [
      ...(old.serialNumber === next.serialNumber ? [] : ["serialNumber"]),
      ...(old.userName === next.userName ? [] : ["userName"]),
    ];
    return {
      changes: replaces.length > 0 || old.region !== next.region,
      replaces,
      deleteBeforeReplace: true,
    };
  }

  async update(_id: string, _old: Release, next: Release): Promise<pulumi.dynamic.UpdateResult<Release>> {
    return { outs: next };
  }

  async delete(_id: string, { serialNumber, userName, region }: Release): Promise<void> {
    const client = new IAMClient(this.settings(region));
    try {
      await client.send(new DeactivateMFADeviceCommand({ SerialNumber: serialNumber, UserName: userName }));
    } catch (error) {
      // Never enabled, or deactivated already, or the user is gone: nothing is left to do.
      if (!(error instanceof NoSuchEntityException)) throw error;
    }
  }

  /** The settings of the `aws` provider that say who is asking, and where. */
  private settings(region: string): IAMClientConfig {
    const get = (key: string) => this.config?.get(`aws:${key}`);
    const roles: AssumedRole[] = JSON.parse(get("assumeRoles") ?? "[]");
    const endpoints: { iam?: string; sts?: string }[] = JSON.parse(get("endpoints") ?? "[]");
    const profile = get("profile");
    const accessKeyId = get("accessKey");
    const secretAccessKey = get("secretKey");
    const sessionToken = get("token");

    let credentials: IAMClientConfig["credentials"];
    if (accessKeyId && secretAccessKey) {
      credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    }
    for (const { roleArn, sessionName, externalId } of roles) {
      credentials = fromTemporaryCredentials({
        ...(credentials && { masterCredentials: credentials }),
        params: {
          RoleArn: roleArn,
          RoleSessionName: sessionName ?? "aws-mfa-stack",
          ...(externalId && { ExternalId: externalId }),
        },
        clientConfig: {
          region,
          ...(profile && { profile }),
          ...(endpoints[0]?.sts && { endpoint: endpoints[0].sts }),
        },
      });
    }
    return {
      region,
      ...(profile && { profile }),
      ...(credentials && { credentials }),
      ...(endpoints[0]?.iam && { endpoint: endpoints[0].iam }),
    };
  }
}

export interface DeviceReleaseArgs {
  /** The device's serial number, which is its ARN. */
  readonly serialNumber: pulumi.Input<string>;
  /** The user whom the device is for. */
  readonly userName: pulumi.Input<string>;
  readonly region: string;
}

const provider = new DeviceReleaseProvider();

/** Deactivates the device before it is deleted. Creates nothing in AWS. */
export class DeviceRelease extends pulumi.dynamic.Resource {
  constructor(name: string, args: DeviceReleaseArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "aws-mfa-stack", "DeviceRelease");
  }
}
