import type { Document } from "./attached-policies";
import { DocumentReader, readInline } from "./document-reader";
import type { Resource } from "./resource";
import { RESOURCE_TYPES, type ResourceType } from "./resource-types";

/** What a document is for. A managed policy may be anybody's; it is taken as a member's. */
export type Use = "trust" | "member" | "role-permissions";

/** Every policy document that a resource itself holds, and what each is for. */
export function documentsIn(
  resource: Resource,
  reader: DocumentReader,
): readonly { readonly document: Document; readonly use: Use }[] {
  const row = RESOURCE_TYPES.get(resource.type);
  if (row === undefined) return [];
  const found: { document: Document; use: Use }[] = [];
  if (row.kind === "role" && resource.props[row.trust] !== undefined) {
    found.push({ document: reader.read(resource.props[row.trust], "trust", row.trust), use: "trust" });
  }
  if ("inline" in row && row.inline !== undefined) {
    const use = row.kind === "role" ? "role-permissions" : "member";
    // Nobody asks for a role's permissions again: to keep them would be a third of a large account's memory.
    const inline = readInline(
      row.kind === "role" ? new DocumentReader() : reader,
      resource.props[row.inline.list],
      row.inline,
    );
    for (const { document } of inline) found.push({ document, use });
  }
  if ("document" in row && resource.props[row.document] !== undefined) {
    found.push({
      document: reader.read(resource.props[row.document], "identity", row.document),
      use: useOf(resource, row),
    });
  }
  return found;
}

/** A role's permissions, where the resource names roles and nobody else. */
function useOf(
  { props }: Resource,
  { groups, users, roles }: Extract<ResourceType, { document: string }>,
): Use {
  const names = (property: string | undefined) => property !== undefined && props[property] !== undefined;
  return names(roles) && !names(groups) && !names(users) ? "role-permissions" : "member";
}

/** The types that hold documents. */
export const TYPES_WITH_DOCUMENTS: ReadonlySet<string> = new Set(
  [...RESOURCE_TYPES].flatMap(([type, row]) => ("document" in row || "inline" in row ? [type] : [])),
);
