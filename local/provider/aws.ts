import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";

/** The AWS clients of the stand-in. */
export interface Aws {
  readonly iam: IAM;
  readonly s3: S3;
  readonly sts: STS;
  readonly region: string;
}

/** The supported settings of an `aws.Provider`, as text; lists are JSON. */
export interface ProviderSettings {
  readonly region?: string;
  readonly assumeRoles?: string;
}

/**
 * The clients of an `aws` provider of a program, in another account if it has `assumeRoles`.
 *
 * Throws without `AWS_ENDPOINT_URL`: a stand-in never calls AWS itself.
 */
export async function connect(settings: ProviderSettings): Promise<Aws> {
  if (!process.env.AWS_ENDPOINT_URL) {
    throw new Error(
      "AWS_ENDPOINT_URL is not set. This aws provider is a stand-in for local runs, and calls only a local AWS.",
    );
  }
  const region = settings.region ?? process.env.AWS_REGION ?? "us-east-1";
  const own = clients({ region });
  const roleArn = roleToAssume(settings);
  if (roleArn === undefined) return own;
  const { Credentials: session } = await own.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: "pulumi" });
  if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken) {
    throw new Error(`AssumeRole of ${roleArn} returned no credentials.`);
  }
  return clients({
    region,
    credentials: {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
    },
  });
}

interface Access {
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

function clients(access: Access): Aws {
  // A local AWS that does not respond has stopped: a retry does not help.
  const settings = { ...access, maxAttempts: 1 };
  return {
    iam: new IAM(settings),
    s3: new S3({ ...settings, forcePathStyle: true }),
    sts: new STS(settings),
    region: access.region,
  };
}

function roleToAssume(settings: ProviderSettings): string | undefined {
  if (settings.assumeRoles === undefined) return undefined;
  const roles: unknown = JSON.parse(settings.assumeRoles);
  if (!Array.isArray(roles) || roles.length > 1) {
    throw new Error(`assumeRoles: expected a list of one role, got ${settings.assumeRoles}`);
  }
  const arn: unknown = roles[0]?.roleArn;
  if (arn !== undefined && typeof arn !== "string")
    throw new Error("assumeRoles[0].roleArn: expected a string");
  return arn;
}
