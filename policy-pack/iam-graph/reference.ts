import { type Assignment, peel } from "../iam/policy/cases";
import { type Text, Unknown, written } from "../iam/policy/unknown";
import type { Resource } from "./resource";

/** How one resource names another: by a text, or, while that is unresolved, by what the property depends on. */
export type Reference = (
  | {
      readonly kind: "text";
      readonly text: string;
      readonly provider: string | undefined;
      /** The ARN that the text writes, where its partition or account is not known. */
      readonly arn?: Unknown;
    }
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
  const { provider } = resource;
  if (typeof each === "string") return { kind: "text", text: each, provider };
  const text = each instanceof Unknown ? written(each) : "";
  if (each instanceof Unknown && POLICY_ARN.test(text)) return { kind: "text", text, provider, arn: each };
  if (resource.declaredBy === undefined || !(each instanceof Unknown)) return { kind: "unresolved", urns };
  // A template says of each value what it refers to. Beside each other in one, two URNs differ in the logical id alone.
  const beside = resource.urn.slice(0, resource.urn.lastIndexOf("#") + 1);
  return { kind: "unresolved", urns: each.refersTo === undefined ? [] : [beside + each.refersTo] };
}

/** As `written` writes an ARN of which a template knows no more than its pseudo parameters. */
const POLICY_ARN =
  /^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):iam::(aws|\d{12}|\$\{AWS::AccountId\}):(policy\/(?:(?!\$\{).)+)$/;

/**
 * What names a managed policy in its account, `policy/PATH/NAME`; `undefined` for one of AWS and what is no ARN. Only those of
 * its own account and AWS's can be attached to anybody, so that this says which one is meant.
 * Source: IAM user guide, "Managed policies and inline policies".
 */
export function policyIn(arn: string): string | undefined {
  const [, account, name] = POLICY_ARN.exec(arn) ?? [];
  return account === "aws" ? undefined : name;
}

/** Whether an ARN is one of AWS's own policies. */
export function isOfAws(arn: string): boolean {
  return POLICY_ARN.exec(arn)?.[1] === "aws";
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
