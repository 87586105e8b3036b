import type { Caller } from "../caller";
import { type Call, unmapped } from "./call";
import type { Question } from "./question";

type S3Call = Extract<Call, { service: "s3" }>;

/** Parts of the query that change what is listed, and not which action it is. */
const PLAIN =
  /^(x-id|list-type|prefix|delimiter|max-keys|max-buckets|encoding-type|continuation-token|start-after|marker|fetch-owner|bucket-region)$/;

const BUCKET: Readonly<Record<string, string>> = {
  "GET ": "ListBucket",
  "HEAD ": "ListBucket",
  "PUT ": "CreateBucket",
  "DELETE ": "DeleteBucket",
  "GET policy": "GetBucketPolicy",
  "PUT policy": "PutBucketPolicy",
  "DELETE policy": "DeleteBucketPolicy",
  "GET tagging": "GetBucketTagging",
  "PUT tagging": "PutBucketTagging",
  "DELETE tagging": "PutBucketTagging",
  "GET location": "GetBucketLocation",
  "GET versioning": "GetBucketVersioning",
  "PUT versioning": "PutBucketVersioning",
  "GET versions": "ListBucketVersions",
};

const OBJECT: Readonly<Record<string, string>> = {
  "GET ": "GetObject",
  "HEAD ": "GetObject",
  "PUT ": "PutObject",
  "DELETE ": "DeleteObject",
};

/**
 * What a call of S3 asks for.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @param owner whose bucket it is; the caller's where there is none yet
 */
export function s3Question(
  { method, bucket, key, query }: S3Call,
  caller: Caller,
  owner: string | undefined,
): Question {
  const parts = [...query.keys()].filter((name) => !PLAIN.test(name));
  const called = `${method} ${parts.join("&")}`;
  const [name, resource] =
    bucket === ""
      ? [called === "GET " ? "ListAllMyBuckets" : undefined, "*"]
      : key === ""
        ? [BUCKET[called], `arn:aws:s3:::${bucket}`]
        : [OBJECT[called], `arn:aws:s3:::${bucket}/${key}`];
  if (name === undefined)
    throw unmapped(`the call of S3 ${method} ${called.slice(method.length + 1) || "on its own"}`);
  const prefix = query.get("prefix");
  return {
    action: `s3:${name}`,
    resource,
    account: owner ?? caller.account,
    context: name === "ListBucket" && prefix !== null ? { "s3:prefix": prefix } : {},
    named: resource === "*" ? undefined : `"${resource}"`,
  };
}
