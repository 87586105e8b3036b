import { administratorRole } from "./account";
import { cloudControlResource } from "./cloud-control";
import { DocumentReader } from "./document-reader";
import type { NestedResources, Resource } from "./resource";
import { RESOURCE_TYPES, typesOf } from "./resource-types";
import { templateResources } from "./template";

/** The resources that a resource contains or creates, at any depth: those of a template, and the one of Cloud Control. */
export function nestedResources(holder: Resource, reader: DocumentReader): NestedResources {
  const { resources, unseen, ...more } = directlyIn(holder, reader);
  const parts = resources.map((resource) => {
    const inside = NESTING_TYPES.has(resource.type) ? nestedResources(resource, reader) : undefined;
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

/** The files of the nested stacks of a template, at any depth, without stacks whose condition does not hold. */
export function nestedFiles(holder: Resource, reader = new DocumentReader()): readonly string[] {
  if (holder.template?.nested.size === 0) return [];
  const stacks = directlyIn(holder, reader).resources;
  return stacks.flatMap((each) =>
    each.template === undefined ? [] : [each.template.file, ...nestedFiles(each, reader)],
  );
}

function directlyIn(holder: Resource, reader: DocumentReader): NestedResources {
  const row = RESOURCE_TYPES.get(holder.type);
  switch (row?.kind) {
    case "template":
      return templateResources(holder, row, reader);
    case "cloud-control":
      return cloudControlResource(holder, row);
    case "account":
      return administratorRole(holder, row);
    case "outside":
      return { resources: [], unseen: isBeside(holder, row.unless) ? [] : [row.what] };
    default:
      return { resources: [], unseen: [] };
  }
}

/** Whether a property refers to a template in the same program, which is assessed there. */
function isBeside({ dependencies }: Resource, property = ""): boolean {
  const types = (dependencies[property] ?? []).map((urn) => urn.split("::")[2]?.split("$").at(-1) ?? "");
  return types.some((type) => RESOURCE_TYPES.get(type)?.kind === "template");
}

/** The types that contain or create other resources. */
export const NESTING_TYPES = typesOf("template", "cloud-control", "account", "outside");
