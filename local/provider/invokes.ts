import { tagOutputs } from "./iam/tags";
import type { Invoke } from "./kind";
import { text } from "./value";

/** The supported functions, by their tokens in `@pulumi/aws`. */
export const invokes: Readonly<Record<string, Invoke>> = {
  async "aws:index/getCallerIdentity:getCallerIdentity"({ sts }) {
    const { Account, Arn, UserId } = await sts.getCallerIdentity();
    return { accountId: Account, arn: Arn, id: Account, userId: UserId };
  },
  async "aws:index/getPartition:getPartition"({ region }) {
    const partition = partitionOf(region);
    const dnsSuffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
    return { dnsSuffix, id: partition, partition, reverseDnsPrefix };
  },
  async "aws:index/getRegion:getRegion"({ region }, args) {
    const name = typeof args.region === "string" ? args.region : region;
    return { description: name, endpoint: `ec2.${name}.amazonaws.com`, id: name, name, region: name };
  },
  async "aws:iam/getUser:getUser"({ iam }, args) {
    const { User: user } = await iam.getUser({ UserName: text(args, "userName") });
    return {
      arn: user?.Arn,
      id: user?.UserId,
      path: user?.Path,
      permissionsBoundary: user?.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
      tags: tagOutputs(user?.Tags).tags,
      userId: user?.UserId,
      userName: user?.UserName,
    };
  },
};

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
