import { Opaque } from "../iam/opaque";
import type { Resource } from "./resource";

/** How one resource names another: by a text, or, while that is unresolved, by what the property depends on. */
export type Reference =
  | { readonly kind: "text"; readonly text: string; readonly provider: string | undefined }
  | { readonly kind: "unresolved"; readonly urns: readonly string[] };

/** The references in a property, which holds one name, a list of them, or nothing. */
export function referencesIn(resource: Resource, property: string | undefined): readonly Reference[] {
  if (property === undefined) return [];
  const value = resource.props[property];
  if (value === undefined) return [];
  const urns = resource.dependencies[property] ?? [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((each: unknown): Reference => {
    if (typeof each === "string") return { kind: "text", text: each, provider: resource.provider };
    if (!(each instanceof Opaque) || each.refersTo === undefined) return { kind: "unresolved", urns };
    return { kind: "unresolved", urns: [`${resource.declaredBy ?? ""}#${each.refersTo}`] };
  });
}

/** Whether a reference is to this resource: surely, perhaps (something is unresolved), or not. */
export type Link = "yes" | "perhaps" | "no";

/** What of a resource others can name it by. */
export interface Named {
  readonly resource: Resource;
  readonly name: string | undefined;
}

/**
 * Links references to the resources of one kind. Texts link by name, ARN or id within one account, which a provider
 * stands for. Unresolved ones link to what their property depends on, surely where there are as many of one as of the other.
 */
export function linkTo(
  references: readonly Reference[],
  target: Named,
  isOfKind: (urn: string) => boolean,
): Link {
  let link: Link = "no";
  const unresolved = references.filter((each) => each.kind === "unresolved");
  for (const reference of references) {
    if (reference.kind === "text" && isNamedBy(reference.text, reference.provider, target)) return "yes";
  }
  for (const { urns } of unresolved) {
    const candidates = urns.filter(isOfKind);
    if (candidates.includes(target.resource.urn)) {
      if (candidates.length <= unresolved.length) return "yes";
      link = "perhaps";
    } else if (urns.length === 0) link = "perhaps";
  }
  return link;
}

function isNamedBy(text: string, provider: string | undefined, { resource, name }: Named): boolean {
  if (provider !== undefined && resource.provider !== undefined && provider !== resource.provider)
    return false;
  if (name !== undefined && name.toLowerCase() === text.toLowerCase()) return true;
  return ["arn", "Arn", "policyArn", "id"].some((key) => resource.props[key] === text);
}
