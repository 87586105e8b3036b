import { type Assignment, peel } from "../iam/policy/cases";
import { type Text, Unknown } from "../iam/policy/unknown";
import type { Resource } from "./resource";

/** How one resource names another: by a text, or, while that is unresolved, by what the property depends on. */
export type Reference = (
  | { readonly kind: "text"; readonly text: string; readonly provider: string | undefined }
  | { readonly kind: "unresolved"; readonly urns: readonly string[] }
) & {
  /** How choices of a template must fall for the reference to be there at all. */
  readonly when?: Assignment;
};

/** The references in a property, which holds one name, a list of them, or nothing. */
export function referencesIn(resource: Resource, property: string | undefined): readonly Reference[] {
  if (property === undefined) return [];
  const value = resource.props[property];
  if (value === undefined) return [];
  const urns = resource.dependencies[property] ?? [];
  const listed = peel(value).flatMap((list) => {
    const each: readonly unknown[] = Array.isArray(list.value) ? list.value : [list.value];
    return each.flatMap((one) => peel(one, list.when));
  });
  return listed.flatMap(({ value: each, when }): Reference[] => {
    if (each === undefined) return [];
    const reference = referenceIn(resource, each, urns);
    return [when.size === 0 ? reference : { ...reference, when }];
  });
}

function referenceIn(resource: Resource, each: unknown, urns: readonly string[]): Reference {
  if (typeof each === "string") return { kind: "text", text: each, provider: resource.provider };
  if (resource.declaredBy === undefined || !(each instanceof Unknown)) return { kind: "unresolved", urns };
  // A template says of each value what it refers to. Beside each other in one, two URNs differ in the logical id alone.
  const beside = resource.urn.slice(0, -resource.name.length);
  return { kind: "unresolved", urns: each.refersTo === undefined ? [] : [beside + each.refersTo] };
}

/** Whether a reference is to this resource: surely, perhaps (something is unresolved), or not. */
export type Match = "yes" | "perhaps" | "no";

/** What of a resource others can name it by. */
export interface Referable {
  readonly resource: Resource;
  /** `undefined` where AWS makes one up, which no text can be. */
  readonly name: Text | undefined;
}

/** Outputs by which others name a resource, beside its name. */
export const NAMING_PROPERTIES = ["arn", "Arn", "policyArn", "id"] as const;
