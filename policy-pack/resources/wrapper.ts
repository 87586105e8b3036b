import { readText } from "../cloudformation";
import { Opaque } from "../iam/opaque";
import type { Contents } from "./contents";
import type { Resource } from "./resource";
import { propertiesOf, type Row, TABLE } from "./table";

/**
 * The one resource that a resource of any type of CloudFormation is: it keeps the name and the URN, and has the type and
 * the properties that its properties say. While they are not known, none of them is.
 * Source: Cloud Control API user guide, "Creating a resource"; Pulumi registry, `aws-native` `ExtensionResource`.
 */
export function unwrapped(holder: Resource, row: Extract<Row, { kind: "wrapper" }>): Contents {
  const type = holder.props[row.wrapped];
  if (typeof type !== "string") {
    return { resources: [], unseen: [`a resource whose ${row.wrapped} is not known`] };
  }
  const inside = TABLE.get(type);
  if (inside === undefined || !type.startsWith("AWS::")) return { resources: [], unseen: [] };
  const names = propertiesOf(inside);
  const state = propertiesIn(holder.props[row.properties]);
  if (state === undefined) {
    return { resources: [], unseen: [`an ${type} whose ${row.properties} is no JSON object`] };
  }
  const known = (name: string) => (state instanceof Opaque ? new Opaque(name) : state[name]);
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

function propertiesIn(value: unknown): Readonly<Record<string, unknown>> | Opaque | undefined {
  if (value instanceof Opaque) return value;
  const read = typeof value === "string" ? valueIn(value) : value;
  if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
  return { ...read };
}

function valueIn(text: string): unknown {
  const reading = readText(text);
  return reading.ok ? reading.value : undefined;
}
