import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import type { ProviderAssumeRole } from "@pulumi/aws/types/input";
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider that makes roles in another account: the stack's own credentials, with which it assumes a role there.
 *
 * A provider of one's own does not take the `aws` configuration over, so what says who is asking is handed on.
 */
export function accountProvider(
  roleArn: string,
  region: pulumi.Input<string>,
  options: (name: string) => pulumi.ResourceOptions,
): Provider {
  const aws = new pulumi.Config("aws");
  const name = `through-${roleArn.split(":").slice(4).join(":")}`;
  const settings: ProviderArgs = {
    region,
    profile: aws.get("profile"),
    accessKey: aws.getSecret("accessKey"),
    secretKey: aws.getSecret("secretKey"),
    token: aws.getSecret("token"),
    endpoints: aws.getObject("endpoints"),
    assumeRoles: [
      ...(aws.getObject<ProviderAssumeRole[]>("assumeRoles") ?? []),
      { roleArn, sessionName: "aws-mfa-stack" },
    ],
  };
  return new Provider(name, settings, options(name));
}
