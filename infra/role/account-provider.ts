import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import type { ProviderAssumeRole } from "@pulumi/aws/types/input";
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider that creates roles in another account: it assumes a role there with the stack's own credentials.
 *
 * An explicit provider does not use the `aws` configuration, so the settings that select credentials are passed on.
 *
 * @param owner the name of the `MfaAccess`, unique in the program
 */
export function accountProvider(
  owner: string,
  parent: pulumi.Resource,
  roleArn: string,
  region: pulumi.Input<string>,
): Provider {
  const aws = new pulumi.Config("aws");
  const former = `through-${roleArn.split(":").slice(4).join(":")}`;
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
  return new Provider(`${owner}-${former}`, settings, {
    parent,
    // Older versions of the stack's own program named it without its owner, at first without a parent too.
    aliases:
      owner === pulumi.getProject()
        ? [{ name: former }, { name: former, parent: pulumi.rootStackResource }]
        : [],
  });
}
