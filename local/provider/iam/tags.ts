import type { Tag } from "@aws-sdk/client-iam";
import type { Input, Properties } from "../kind";
import { isRecord } from "../value";

/** The `tags` input of everything that can be tagged. */
export const TAGS: Input = {};

export function tagList(inputs: Properties): Tag[] {
  const tags = isRecord(inputs.tags) ? inputs.tags : {};
  return Object.entries(tags).map(([Key, value]) => ({ Key, Value: String(value) }));
}

/** `tags` and `tagsAll` as `@pulumi/aws` declares them. The stand-in has no default tags, so both are the same. */
export function tagOutputs(tags: readonly Tag[] | undefined): Properties {
  const record = Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  return { tags: record, tagsAll: record };
}

interface TagCalls {
  add(tags: Tag[]): Promise<unknown>;
  remove(keys: string[]): Promise<unknown>;
}

/** Takes away the tags that are no longer wanted, and sets those that are new or have another value. */
export async function changeTags(before: Properties, after: Properties, calls: TagCalls): Promise<void> {
  const [has, wanted] = [tagList(before), tagList(after)];
  const surplus = has.flatMap(({ Key = "" }) => (wanted.some((tag) => tag.Key === Key) ? [] : [Key]));
  const changed = wanted.filter(
    ({ Key, Value }) => !has.some((tag) => tag.Key === Key && tag.Value === Value),
  );
  if (surplus.length > 0) await calls.remove(surplus);
  if (changed.length > 0) await calls.add(changed);
}
