import { checkConfiguration, describeErrors, nearestOf, type Schema } from "./configuration";
import { type About, EXEMPTIONS } from "./rule";

export type Configured =
  | { readonly ok: true; readonly config: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** The schema of a rule's whole configuration. */
export function schemaOf({
  configuration,
  rejects,
}: About): Schema & { readonly properties: Readonly<Record<string, Schema>> } {
  const common = rejects === false ? {} : { exemptions: EXEMPTIONS };
  return { type: "object", properties: { ...configuration, ...common } };
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

/**
 * All that is wrong in a configuration of the whole pack: what is not allowed, and what would do nothing. The engine lets a
 * name that is no policy's pass, and takes nothing but a level for `all`.
 *
 * @param given by policy, its configuration without its level
 */
export function mistakesIn(
  given: ReadonlyMap<string, object>,
  policies: readonly About[],
): readonly string[] {
  return [...given].flatMap(([name, configuration]): readonly string[] => {
    if (name === "all") {
      const keys = Object.keys(configuration).map((key) => `"${key}"`);
      return keys.length === 0 ? [] : [`all: takes "enforcementLevel" alone, found ${keys.join(", ")}.`];
    }
    const about = policies.find((each) => each.name === name);
    if (about === undefined) {
      return [
        `${name}: is no policy of this pack${nearestOf(
          name,
          policies.map((each) => each.name),
        )}.`,
      ];
    }
    const configured = configurationOf(about, configuration);
    return configured.ok ? [] : [configured.message];
  });
}
