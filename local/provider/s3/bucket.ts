import type { S3 } from "@aws-sdk/client-s3";
import { found } from "../found";
import { tagList, tagOutputs } from "../iam/tags";
import type { Kind, Properties } from "../kind";
import { text } from "../value";

/** A bucket without other settings: enough for a role to list, and for a policy pack to validate. */
export const bucket: Kind = {
  title: "S3 Bucket",
  inputs: {
    bucket: { replaces: true },
    forceDestroy: { byDefault: false },
    tags: {},
  },
  named: "bucket",
  async create({ s3 }, inputs) {
    const name = text(inputs, "bucket");
    await s3.createBucket({ Bucket: name });
    await tag(s3, name, inputs);
    return { id: name };
  },
  async read({ s3, region }, id) {
    if ((await found(s3.headBucket({ Bucket: id }))) === undefined) return undefined;
    return {
      arn: `arn:aws:s3:::${id}`,
      bucket: id,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketPrefix: "",
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
      region,
      ...tagOutputs((await tagsOf(s3, id)) ?? []),
    };
  },
  update: ({ s3 }, id, _before, after) => tag(s3, id, after),
  async delete({ s3 }, id, state) {
    if (state.forceDestroy === true) {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket: id });
      for (const { Key } of Contents) await s3.deleteObject({ Bucket: id, Key });
    }
    await s3.deleteBucket({ Bucket: id });
  },
};

async function tag(s3: S3, Bucket: string, inputs: Properties): Promise<void> {
  const TagSet = tagList(inputs).map(({ Key, Value }) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
}

/** For a bucket without tags, S3 returns an error. */
async function tagsOf(s3: S3, Bucket: string) {
  try {
    const { TagSet = [] } = await s3.getBucketTagging({ Bucket });
    return TagSet.map(({ Key, Value }) => ({ Key, Value }));
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchTagSet") return [];
    throw error;
  }
}
