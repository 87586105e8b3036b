import { administratorRole } from "./account";
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

/** The resources that a resource holds, however deep: those inside a template, the one that a wrapper is. */
export function contentsOf(holder: Resource): Contents {
  const { resources, unseen, ...more } = directlyIn(holder);
  const parts = resources.map((resource) => {
    const inside = HOLDING_TYPES.has(resource.type) ? contentsOf(resource) : undefined;
    const { name } = resource;
    const broken = inside?.broken === undefined ? [] : [`the template of ${name}, which cannot be read`];
    const named = name === holder.name ? "" : ` of ${name}`;
    return {
      resources: inside?.resources ?? [resource],
      unseen: [...(inside?.unseen ?? []).map((what) => `${what}${named}`), ...broken],
    };
  });
  return {
    resources: parts.flatMap((part) => part.resources),
    unseen: [...unseen, ...parts.flatMap((part) => part.unseen)],
    ...more,
  };
}

function directlyIn(holder: Resource): Contents {
  const row = TABLE.get(holder.type);
  switch (row?.kind) {
    case "template":
      return declaredIn(holder, row);
    case "wrapper":
      return unwrapped(holder, row);
    case "account":
      return administratorRole(holder, row);
    case "outside":
      return { resources: [], unseen: [row.what] };
    default:
      return { resources: [], unseen: [] };
  }
}

/** The types that hold other resources, or make them. */
export const HOLDING_TYPES: ReadonlySet<string> = new Set(
  [...TABLE].flatMap(([type, { kind }]) =>
    ["template", "wrapper", "account", "outside"].includes(kind) ? [type] : [],
  ),
);
