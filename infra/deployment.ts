import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getPartition } from "@pulumi/aws/getPartition";
import { getRegion } from "@pulumi/aws/getRegion";

/** The account in which the users live: the one that the stack's own credentials belong to. */
export interface Deployment {
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, …: every ARN begins with it. */
  readonly partition: string;
  readonly region: string;
  /** The IAM user whose credentials run the program; absent for roles and root. */
  readonly caller: string | undefined;
}

/**
 * Asks AWS for the account, the partition and the region of the stack's default provider.
 *
 * They are awaited before a resource is registered, so that every policy document is plain text
 * already at preview: a reader of the diff and a policy pack see what will be deployed.
 */
export async function findDeployment(): Promise<Deployment> {
  const [caller, partition, region] = await Promise.all([getCallerIdentity(), getPartition(), getRegion()]);
  return {
    account: caller.accountId,
    partition: partition.partition,
    region: region.region,
    caller: /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(caller.arn)?.[1],
  };
}
