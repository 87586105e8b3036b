import { readText } from "../cloudformation";
import { Unknown } from "../iam/policy/unknown";
import type { NestedResources, Resource } from "./resource";
import { propertiesOf, RESOURCE_TYPES, type RowOf } from "./resource-types";

/**
 * The resource that a Cloud Control resource manages, with the same name and URN. Its type and properties come from two
 * properties; if the second is not known, every property is unknown.
 * Source: Cloud Control API user guide, "Creating a resource"; Pulumi registry, `aws-native` `ExtensionResource`.
 */
export function cloudControlResource(holder: Resource, row: RowOf<"cloud-control">): NestedResources {
  const type = holder.props[row.type];
  if (typeof type !== "string") {
    return { resources: [], unseen: [`a resource whose ${row.type} is not known`] };
  }
  const inside = RESOURCE_TYPES.get(type);
  if (inside === undefined || !type.startsWith("AWS::")) return { resources: [], unseen: [] };
  const names = propertiesOf(inside);
  const state = propertiesIn(holder.props[row.properties]);
  if (state === undefined) {
    return { resources: [], unseen: [`an ${type} whose ${row.properties} is not a JSON object`] };
  }
  const known = (name: string) => (state instanceof Unknown ? new Unknown(name) : state[name]);
  const dependencies = holder.dependencies[row.properties] ?? [];
  return {
    resources: [
      {
        ...holder,
        type,
        props: Object.fromEntries(
          names.flatMap((name) => (known(name) === undefined ? [] : [[name, known(name)]])),
        ),
        dependencies: Object.fromEntries(names.map((name) => [name, dependencies])),
      },
    ],
    unseen: [],
  };
}

function propertiesIn(value: unknown): Readonly<Record<string, unknown>> | Unknown | undefined {
  if (value instanceof Unknown) return value;
  const read = typeof value === "string" ? valueIn(value) : value;
  if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
  return { ...read };
}

function valueIn(text: string): unknown {
  const reading = readText(text);
  return reading.ok ? reading.value : undefined;
}
