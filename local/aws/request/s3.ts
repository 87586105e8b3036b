import type { Caller } from "../caller";
import { type Call, unsupported } from "./call";
import type { Question } from "./question";

type S3Call = Extract<Call, { service: "s3" }>;

/** Query parameters that do not select the action. */
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

/** IAM's name of the action. Throws AwsError. */
export function s3ActionOf({ method, bucket, key, query }: S3Call): string {
  const parts = [...query.keys()].filter((name) => !PLAIN.test(name)).join("&");
  const called = `${method} ${parts}`;
  const whole = called === "GET " ? "ListAllMyBuckets" : undefined;
  const action = bucket === "" ? whole : (key === "" ? BUCKET : OBJECT)[called];
  if (action === undefined) throw unsupported(`the S3 call ${method} ${parts}`.trimEnd());
  return action;
}

/**
 * What an S3 call requests.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @param owner the bucket's account, by default the caller's
 */
export function s3Question(call: S3Call, caller: Caller, owner: string | undefined): Question {
  const { bucket, key, query } = call;
  const action = s3ActionOf(call);
  const resource = bucket === "" ? "*" : `arn:aws:s3:::${bucket}${key && `/${key}`}`;
  const prefix = query.get("prefix");
  return {
    action: `s3:${action}`,
    resource,
    account: owner ?? caller.account,
    context: action === "ListBucket" && prefix !== null ? { "s3:prefix": prefix } : {},
    named: bucket === "" ? undefined : `"${resource}"`,
  };
}
