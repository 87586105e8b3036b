import { checkConfiguration, describeErrors, type Schema } from "./configuration";
import { type About, EXEMPTIONS } from "./rule";

export type Configured =
  | { readonly ok: true; readonly config: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** The schema of a rule's whole configuration. */
export function schemaOf({
  configuration,
}: About): Schema & { readonly properties: Readonly<Record<string, Schema>> } {
  return { type: "object", properties: { ...configuration, exemptions: EXEMPTIONS } };
}

/** A rule's configuration with its defaults, or all that is wrong in it. */
export function configurationOf(about: About, given: unknown): Configured {
  const schema = schemaOf(about);
  const errors = checkConfiguration(given, schema);
  if (errors.length > 0) return { ok: false, message: describeErrors(about.name, errors) };
  const defaults = Object.entries(schema.properties).map(([key, { type, default: value }]) => [
    key,
    value ?? (type === "array" ? [] : type === "object" ? {} : undefined),
  ]);
  const settled = Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
  return { ok: true, config: { ...settled, ...Object(given) } };
}
