import { distance } from "fastest-levenshtein";

/** The part of JSON Schema that the pack's configuration is described in, for the engine and for the pack itself. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "integer";
  readonly description?: string;
  readonly default?: string | number | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

/** Something in the configuration that is not allowed there. */
export interface ConfigurationError {
  /** For example `exemptions[0].reason`. */
  readonly path: string;
  readonly message: string;
}

/** All that is wrong in a policy's configuration. The engine itself lets a misspelt key at the top level pass. */
export function checkConfiguration(value: unknown, schema: Schema, path = ""): readonly ConfigurationError[] {
  const wrong = (message: string): readonly ConfigurationError[] => [{ path, message }];
  switch (schema.type) {
    case "string": {
      if (typeof value !== "string") return wrong(`found ${form(value)}, a text is needed`);
      const { enum: allowed, pattern, minLength } = schema;
      if (allowed !== undefined && !allowed.includes(value)) {
        return wrong(`found "${value}", allowed are ${allowed.map((each) => `"${each}"`).join(" and ")}`);
      }
      if (value.trim().length < (minLength ?? 0)) return wrong("found an empty text");
      if (pattern !== undefined && (!new RegExp(pattern).test(value) || Number.isNaN(Date.parse(value)))) {
        return wrong(`found "${value}", allowed is a date such as "2030-01-31"`);
      }
      return [];
    }
    case "integer":
      if (typeof value === "number" && Number.isInteger(value) && value >= (schema.minimum ?? 0)) return [];
      return wrong(`found ${form(value)}, a whole number of at least ${schema.minimum ?? 0} is needed`);
    case "array": {
      if (!Array.isArray(value)) return wrong(`found ${form(value)}, a list is needed`);
      const { items } = schema;
      if (items === undefined) return [];
      return value.flatMap((each: unknown, index) => checkConfiguration(each, items, `${path}[${index}]`));
    }
    case "object":
      return checkObject(value, schema, path);
  }
}

function checkObject(value: unknown, schema: Schema, path: string): readonly ConfigurationError[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ path, message: `found ${form(value)}, an object is needed` }];
  }
  const properties = schema.properties ?? {};
  const place = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = (schema.required ?? []).filter((key) => !(key in value));
  return [
    ...missing.map((key) => ({ path: place(key), message: "is missing" })),
    ...Object.entries(value).flatMap(([key, held]: [string, unknown]) => {
      const expected = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (expected !== undefined) return checkConfiguration(held, expected, place(key));
      // The engine takes the level out of the configuration, so that it is in no schema.
      const names = [...Object.keys(properties), ...(path === "" ? ["enforcementLevel"] : [])];
      return [{ path: place(key), message: `is no key of this policy${nearestOf(key, names)}` }];
    }),
  ];
}

/** The end of a message on a wrong name: which of the right ones is the nearest. */
export function nearestOf(wrong: string, right: readonly string[]): string {
  const nearest = right.toSorted((a, b) => distance(a, wrong) - distance(b, wrong))[0];
  return nearest === undefined ? "" : `; the nearest right one is "${nearest}"`;
}

function form(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a text" : `${typeof value} ${String(value)}`;
}

/** One message of all that is wrong in the configuration of a policy. */
export function describeErrors(policy: string, errors: readonly ConfigurationError[]): string {
  return [
    `The configuration of ${policy} cannot be used, so nothing is judged by it:`,
    ...errors.map(({ path, message }) => `  ${path === "" ? "the whole" : path}: ${message}`),
  ].join("\n");
}
