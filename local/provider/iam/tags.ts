import type { Tag } from "@aws-sdk/client-iam";
import type { Input, Properties } from "../kind";
import { isRecord } from "../value";

/** The `tags` input. */
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

/** Removes old tags, and sets new and changed ones. */
export async function changeTags(before: Properties, after: Properties, calls: TagCalls): Promise<void> {
  const [old, tags] = [tagList(before), tagList(after)];
  const removed = old.flatMap(({ Key = "" }) => (tags.some((tag) => tag.Key === Key) ? [] : [Key]));
  const changed = tags.filter(({ Key, Value }) => !old.some((tag) => tag.Key === Key && tag.Value === Value));
  if (removed.length > 0) await calls.remove(removed);
  if (changed.length > 0) await calls.add(changed);
}
