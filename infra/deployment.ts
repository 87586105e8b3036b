import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getPartition } from "@pulumi/aws/getPartition";
import { getRegion } from "@pulumi/aws/getRegion";
import type * as pulumi from "@pulumi/pulumi";

/** The account in which the users live: the one that the AWS provider's credentials belong to. */
export interface Deployment {
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, …: every ARN begins with it. */
  readonly partition: string;
  readonly region: string;
  /** The IAM user whose credentials run the program; absent for roles and root. */
  readonly caller: string | undefined;
}

/**
 * Asks AWS for the account, the partition and the region of the provider: the stack's default one, or that of the options.
 *
 * All of it is known at preview, and so every policy document is plain text already there: a reader of the diff and a policy pack
 * see what will be deployed.
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

/** The ARN that stands for an account in a trust policy; by default for the users' own. */
export function accountRoot({ partition, account }: Pick<Deployment, "partition" | "account">): string {
  return `arn:${partition}:iam::${account}:root`;
}
