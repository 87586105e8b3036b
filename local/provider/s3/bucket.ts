import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { found } from "../found";
import { tagList, tagOutputs } from "../iam/tags";
import type { Kind, Properties } from "../kind";
import { text } from "../value";

/** A plain bucket: enough for a program that a policy pack looks at, and for a role to list. */
export const bucket: Kind = {
  title: "S3 Bucket",
  inputs: {
    bucket: { replaces: true },
    bucketPrefix: { replaces: true, unmanagedWhenAbsent: true },
    forceDestroy: { byDefault: false },
    tags: {},
  },
  named: "bucket",
  async create({ s3 }, inputs) {
    const name = text(inputs, "bucket");
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await tag(s3, name, inputs);
    return { id: name };
  },
  async read({ s3, region }, id) {
    if ((await found(s3.send(new HeadBucketCommand({ Bucket: id })))) === undefined) return undefined;
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
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: id }));
      for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: id, Key }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
};

async function tag(s3: S3Client, Bucket: string, inputs: Properties): Promise<void> {
  const TagSet = tagList(inputs).map(({ Key, Value }) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

/** S3 answers the question for the tags of a bucket without any with an error. */
async function tagsOf(s3: S3Client, Bucket: string) {
  try {
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    return TagSet.map(({ Key, Value }) => ({ Key, Value }));
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchTagSet") return [];
    throw error;
  }
}
