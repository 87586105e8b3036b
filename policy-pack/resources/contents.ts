import type { Resource } from "./resource";
import { TABLE } from "./table";
import { declaredIn } from "./template";
import { unwrapped } from "./wrapper";

/** What a resource holds that is itself made of resources. */
export interface Contents {
  readonly resources: readonly Resource[];
  /** Parts that cannot be seen, each in words. */
  readonly unseen: readonly string[];
  /** Why it cannot be read at all. */
  readonly broken?: string;
}

/** The resources inside a template, or the one that a wrapper is. */
export function contentsOf(holder: Resource): Contents {
  const row = TABLE.get(holder.type);
  if (row?.kind === "template") return declaredIn(holder, row);
  if (row?.kind === "wrapper") return unwrapped(holder, row);
  return { resources: [], unseen: [] };
}

/** The types that hold resources of CloudFormation. */
export const HOLDING_TYPES: ReadonlySet<string> = new Set(
  [...TABLE].flatMap(([type, { kind }]) => (kind === "template" || kind === "wrapper" ? [type] : [])),
);
