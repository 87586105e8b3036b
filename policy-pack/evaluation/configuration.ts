import { distance } from "fastest-levenshtein";

/** The subset of JSON Schema that describes the pack's configuration, for the engine and for the pack itself. */
export type Schema = { readonly description?: string } & (
  | {
      readonly type: "string";
      readonly enum?: readonly string[];
      readonly default?: string;
      readonly pattern?: string;
      readonly minLength?: number;
    }
  | { readonly type: "integer"; readonly minimum?: number; readonly default?: number }
  | { readonly type: "array"; readonly items: Schema; readonly default?: readonly string[] }
  | ObjectSchema
);

export type Properties = Readonly<Record<string, Schema>>;

interface ObjectSchema {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Properties;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

/** The type of the values that a schema describes, with every default filled in. */
export type Value<S extends Schema> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: "string" }
    ? string
    : S extends { readonly type: "integer" }
      ? number
      : S extends { readonly type: "array"; readonly items: infer I extends Schema }
        ? readonly Value<I>[]
        : S extends { readonly properties: infer P extends Properties; readonly required?: infer R }
          ? Configuration<P, R extends readonly (infer K)[] ? K : never>
          : never;

/** Lists and objects always have a value: without a default, an empty list, or an object of defaults. */
type Always<S> = S extends { readonly default: unknown } | { readonly type: "array" | "object" }
  ? true
  : false;

export type Configuration<P extends Properties, Required = never> = {
  readonly [K in keyof P as K extends Required ? K : Always<P[K]> extends true ? K : never]: Value<P[K]>;
} & {
  readonly [K in keyof P as K extends Required ? never : Always<P[K]> extends true ? never : K]?: Value<P[K]>;
};

/** A mistake in the configuration. */
export interface ConfigurationError {
  /** For example `exemptions[0].reason`. */
  readonly path: string;
  readonly message: string;
}

export type Configured<P extends Properties> =
  | { readonly ok: true; readonly config: Configuration<P> }
  | { readonly ok: false; readonly errors: readonly ConfigurationError[] };

/** A configuration with its defaults, or all its mistakes. The engine itself accepts a misspelled key. */
export function configure<P extends Properties>(given: unknown, properties: P): Configured<P> {
  const schema = { type: "object", properties } as const;
  const errors = check(given, schema, "");
  const config = withDefaults(given, schema);
  return errors.length === 0 && isValue(config, schema) ? { ok: true, config } : { ok: false, errors };
}

function isValue<P extends Properties>(
  value: unknown,
  schema: { readonly type: "object"; readonly properties: P },
): value is Configuration<P> {
  return check(value, schema, "").length === 0;
}

function withDefaults(given: unknown, schema: Schema): unknown {
  switch (schema.type) {
    case "array":
      return given ?? schema.default ?? [];
    case "object": {
      const filled = Object.entries(schema.properties).map(([key, each]) => [
        key,
        withDefaults(Object(given)[key], each),
      ]);
      return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
    }
    default:
      return given ?? schema.default;
  }
}

function check(value: unknown, schema: Schema, path: string): readonly ConfigurationError[] {
  const wrong = (message: string): readonly ConfigurationError[] => [{ path, message }];
  switch (schema.type) {
    case "string": {
      if (typeof value !== "string") return wrong(`expected a string, got ${form(value)}`);
      const { enum: allowed, pattern, minLength } = schema;
      if (allowed !== undefined && !allowed.includes(value)) {
        return wrong(`expected ${allowed.map((each) => `"${each}"`).join(" or ")}, got "${value}"`);
      }
      if (value.trim().length < (minLength ?? 0)) return wrong("expected a string that is not empty");
      if (pattern !== undefined && (!new RegExp(pattern).test(value) || Number.isNaN(Date.parse(value)))) {
        return wrong(`expected a date such as "2030-01-31", got "${value}"`);
      }
      return [];
    }
    case "integer":
      if (typeof value === "number" && Number.isInteger(value) && value >= (schema.minimum ?? 0)) return [];
      return wrong(`expected an integer of at least ${schema.minimum ?? 0}, got ${form(value)}`);
    case "array":
      if (!Array.isArray(value)) return wrong(`expected a list, got ${form(value)}`);
      return value.flatMap((each: unknown, index) => check(each, schema.items, `${path}[${index}]`));
    case "object":
      return checkObject(value, schema, path);
  }
}

function checkObject(
  value: unknown,
  { properties, required = [] }: ObjectSchema,
  path: string,
): readonly ConfigurationError[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path, message: `expected an object, got ${form(value)}` }];
  }
  const place = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = required.filter((key) => !(key in value));
  return [
    ...missing.map((key) => ({ path: place(key), message: "is missing" })),
    ...Object.entries(value).flatMap(([key, held]: [string, unknown]) => {
      const expected = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (expected !== undefined) return check(held, expected, place(key));
      // The engine removes the level from the configuration, so no schema has it.
      const names = [...Object.keys(properties), ...(path === "" ? ["enforcementLevel"] : [])];
      return [{ path: place(key), message: `unknown key${nearestOf(key, names)}` }];
    }),
  ];
}

/** The end of a message about an unknown name: the closest valid one. */
export function nearestOf(wrong: string, right: readonly string[]): string {
  const nearest = right.toSorted((a, b) => distance(a, wrong) - distance(b, wrong))[0];
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

function form(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a string" : `${typeof value} ${String(value)}`;
}
