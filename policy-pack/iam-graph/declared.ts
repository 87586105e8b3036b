import type { LimitedRole } from "../iam/limits/trust";
import { type Text, Unknown } from "../iam/policy/unknown";
import type { Home } from "../iam/principal/arn";
import type { Referable } from "./reference";
import type { Resource } from "./resource";
import { RESOURCE_TYPES, type ResourceType, type RowOf } from "./resource-types";

/** A resource of a type of IAM, with its type's row of `RESOURCE_TYPES`. */
export interface Declared<R extends ResourceType = ResourceType> {
  readonly resource: Resource;
  readonly row: R;
}

/** The resources of the types of IAM. */
export function declaredIn(resources: readonly Resource[]): readonly Declared[] {
  return resources.flatMap((resource) => {
    const row = RESOURCE_TYPES.get(resource.type);
    return row === undefined ? [] : [{ resource, row }];
  });
}

/** Those of some kinds. */
export function ofKind<K extends ResourceType["kind"]>(
  declared: readonly Declared[],
  ...kinds: readonly K[]
): readonly Declared<RowOf<K>>[] {
  const isOne = (each: Declared): each is Declared<RowOf<K>> => kinds.some((kind) => kind === each.row.kind);
  return declared.filter(isOne);
}

/** Who can hold policies. */
export type HolderKind = "groups" | "users" | "roles";

/** A group, a user or a role. */
export interface Holder extends Referable, Declared<RowOf<"group" | "user" | "role">> {
  readonly kind: HolderKind;
}

/** The groups, the users and the roles. */
export function holdersIn(declared: readonly Declared[]): Readonly<Record<HolderKind, readonly Holder[]>> {
  const of = (kind: "group" | "user" | "role") =>
    ofKind(declared, kind).map(
      ({ resource, row }): Holder => ({
        resource,
        row,
        kind: `${kind}s`,
        name: nameOf(resource.props[row.name]),
      }),
    );
  return { groups: of("group"), users: of("user"), roles: of("role") };
}

function nameOf(value: unknown): Text | undefined {
  return value === undefined || typeof value === "string" ? value : new Unknown("a name");
}

const ARN = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):/;

/** The ARN and the account of a resource, where it says them. */
export function locationOf({ props }: Resource): LimitedRole {
  const arn = String(props.Arn ?? props.arn);
  const [, , account] = ARN.exec(arn) ?? [];
  return account === undefined ? {} : { arn, account };
}

/** The account that a resource is in: by its ARN, or else by what declares it. */
export function homeOf({ props, home }: Resource): Home | undefined {
  const [, partition, account] = ARN.exec(String(props.Arn ?? props.arn)) ?? [];
  return partition === undefined || account === undefined ? home : { partition, account };
}
