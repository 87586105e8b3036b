import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getPartition } from "@pulumi/aws/getPartition";
import { getRegion } from "@pulumi/aws/getRegion";
import type * as pulumi from "@pulumi/pulumi";

/** The users' account, which is that of the AWS provider's credentials. */
export interface Deployment {
  readonly account: string;
  /** The partition of every ARN: `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  readonly region: string;
  /** The IAM user whose credentials run the program; absent for roles and root. */
  readonly caller: string | undefined;
}

/**
 * Asks AWS for the account, partition and region of a provider: the stack's default one, or that of the options.
 *
 * They are known at preview, and so is the text of every policy document: the diff and a policy pack see what will be deployed.
 */
export async function findDeployment(options: pulumi.InvokeOptions = {}): Promise<Deployment> {
  const [caller, partition, region] = await Promise.all([
    getCallerIdentity({}, options),
    getPartition({}, options),
    getRegion({}, options),
  ]);
  return {
    account: caller.accountId,
    partition: partition.partition,
    region: region.region,
    caller: /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(caller.arn)?.[1],
  };
}

/** The ARN that stands for an account in a trust policy. */
export function accountRoot({ partition, account }: Pick<Deployment, "partition" | "account">): string {
  return `arn:${partition}:iam::${account}:root`;
}
