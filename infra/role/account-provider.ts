import { Provider, type ProviderArgs } from "@pulumi/aws/provider";
import type { ProviderAssumeRole } from "@pulumi/aws/types/input";
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider that makes roles in another account: the stack's own credentials, with which it assumes a role there.
 *
 * A provider of one's own does not take the `aws` configuration over, so what says who is asking is handed on.
 *
 * @param owner the name of the `MfaAccess`, which another one in the program does not have
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
    // An older version of the stack's own program named it without its owner, and a still older one registered it on its own.
    aliases:
      owner === pulumi.getProject()
        ? [{ name: former }, { name: former, parent: pulumi.rootStackResource }]
        : [],
  });
}
