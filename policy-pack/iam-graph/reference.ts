import { type Assignment, peel } from "../iam/policy/cases";
import { type Text, Unknown, written } from "../iam/policy/unknown";
import type { Resource } from "./resource";

/** How one resource refers to another: by a text, or, while that is unresolved, by what the property depends on. */
export type Reference = (
  | {
      readonly kind: "text";
      readonly text: string;
      readonly provider: string | undefined;
      /** The ARN in the text, if its partition or account is not known. */
      readonly arn?: Unknown;
    }
  | { readonly kind: "unresolved"; readonly urns: readonly string[] }
) & {
  /** The choices of a template for which the reference exists. */
  readonly when?: Assignment;
};

/** The references in a property: one name, a list of names, or nothing. */
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
  const { provider } = resource;
  if (typeof each === "string") return { kind: "text", text: each, provider };
  const text = each instanceof Unknown ? written(each) : "";
  if (each instanceof Unknown && POLICY_ARN.test(text)) return { kind: "text", text, provider, arn: each };
  if (resource.declaredBy === undefined || !(each instanceof Unknown)) return { kind: "unresolved", urns };
  // In a template each value has its own reference. The URNs of its resources differ only in the logical id.
  const beside = resource.urn.slice(0, resource.urn.lastIndexOf("#") + 1);
  return { kind: "unresolved", urns: each.refersTo === undefined ? [] : [beside + each.refersTo] };
}

/** A policy ARN, as `written` writes it if a template only knows its pseudo parameters. */
const POLICY_ARN =
  /^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):iam::(aws|\d{12}|\$\{AWS::AccountId\}):(policy\/(?:(?!\$\{).)+)$/;

/**
 * The part of an ARN that identifies a customer managed policy in its account, `policy/PATH/NAME`; `undefined` for every other
 * text. That is enough: only policies of the own account and AWS's can be attached.
 * Source: IAM user guide, "Managed policies and inline policies".
 */
export function policyIn(arn: string): string | undefined {
  const [, account, name] = POLICY_ARN.exec(arn) ?? [];
  return account === "aws" ? undefined : name;
}

/** Whether an ARN names an AWS managed policy. */
export function isOfAws(arn: string): boolean {
  return POLICY_ARN.exec(arn)?.[1] === "aws";
}

/** Whether a reference is to a resource. `perhaps`: something is unresolved. */
export type Match = "yes" | "perhaps" | "no";

/** A resource with the name that others can use. */
export interface Referable {
  readonly resource: Resource;
  /** `undefined` if AWS generates it, so that no text can match. */
  readonly name: Text | undefined;
}

/** The outputs by which others name a resource, apart from its name. */
export const NAMING_PROPERTIES = ["arn", "Arn", "policyArn", "id"] as const;
