import type { Document } from "./attached-policies";
import { DocumentReader, readInline } from "./document-reader";
import type { Resource } from "./resource";
import { RESOURCE_TYPES, type ResourceType } from "./resource-types";

/** What a document is for. A managed policy that may be attached to anyone counts as a member's. */
export type Use = "trust" | "member" | "role-permissions";

/** The policy documents in a resource's own properties, and what each is for. */
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
    // A role's permissions are read once; caching them would take a third of the memory for a large account.
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

/** A role's permissions if the resource names only roles. */
function useOf(
  { props }: Resource,
  { groups, users, roles }: Extract<ResourceType, { document: string }>,
): Use {
  const names = (property: string | undefined) => property !== undefined && props[property] !== undefined;
  return names(roles) && !names(groups) && !names(users) ? "role-permissions" : "member";
}

/** The types with policy documents. */
export const TYPES_WITH_DOCUMENTS: ReadonlySet<string> = new Set(
  [...RESOURCE_TYPES].flatMap(([type, row]) => ("document" in row || "inline" in row ? [type] : [])),
);
