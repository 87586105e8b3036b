import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { settingsIn } from "../aws-config/settings";
import type { AwsClock } from "./clock";
import { credentialProvider } from "./credentials";
import { BoundedHandler } from "./handler";
import { proxyFor } from "./proxy";

/** Clients of the AWS API. Disposing of it closes their connections. */
export interface Aws extends Disposable {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly clock: AwsClock;
}

export type Credentials = AwsCredentialIdentity | Provider<AwsCredentialIdentity>;

/** Whose credentials to use: these, or the profile's; without either, those of the environment. */
export interface Who {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials?: Credentials;
  /** For many calls that only read: slows down when AWS throttles, and retries once if no answer came. */
  readonly patient?: boolean;
}

/** The settings of every AWS SDK client, except its credentials. */
export interface ConnectionSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode?: string;
  readonly requestHandler: BoundedHandler;
  readonly endpoint?: string;
}

/** The settings of every AWS SDK client. */
export interface ClientSettings extends ConnectionSettings {
  readonly credentials: Provider<AwsCredentialIdentity>;
}

/** The AWS API as the person's AWS CLI would reach it: credentials, region and endpoint come from the same places. */
export async function connect(who: Who): Promise<Aws> {
  const settings = await settingsOf(who);
  const iam = new IAMClient(settings);
  const sts = new STSClient(settings);
  return {
    iam,
    sts,
    clock: settings.requestHandler.clock,
    [Symbol.dispose]: () => {
      iam.destroy();
      sts.destroy();
    },
  };
}

export async function settingsOf(who: Who): Promise<ClientSettings> {
  const connection = await connectionOf(who);
  const { credentials = credentialProvider(who.profile, connection) } = who;
  return {
    ...connection,
    credentials: typeof credentials === "function" ? credentials : async () => credentials,
  };
}

export async function connectionOf({ profile, region, patient = false }: Who): Promise<ConnectionSettings> {
  const settings = await settingsIn(profile || process.env.AWS_PROFILE || "default");
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  // The SDK reads the variable itself, and the setting of AWS_PROFILE, but not that of a profile named here.
  const endpoint = AWS_ENDPOINT_URL ? undefined : settings.endpoint_url;
  return {
    // IAM is the same in every region of a partition; this is the one of most accounts.
    region: region ?? (AWS_REGION || AWS_DEFAULT_REGION || settings.region || "us-east-1"),
    maxAttempts: patient ? 10 : 4,
    // Slows down while AWS throttles.
    ...(patient && { retryMode: "adaptive" }),
    requestHandler: new BoundedHandler(proxyFor(AWS_ENDPOINT_URL || endpoint), patient),
    ...(endpoint && { endpoint }),
  };
}
