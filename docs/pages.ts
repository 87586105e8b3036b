import type { Schema } from "../policy-pack/evaluation/configuration";
import type { About } from "../policy-pack/evaluation/rule";
import { propertiesOf } from "../policy-pack/evaluation/rule";
import { type Example, type Examples, UNKNOWN_TEXT } from "../policy-pack/rules/example";
import { RULES } from "../policy-pack/rules/registry";

/** A rule with its examples, from which its page in `docs/rules/` and its tests are made. */
export interface Page {
  readonly about: About;
  readonly examples: Examples;
}

/** A page for each rule of the registry; its examples are in the file beside it. */
export function pages(): Promise<readonly Page[]> {
  return Promise.all(
    RULES.map(async ({ about }) => {
      const { examples }: { examples: Examples } = await import(
        `../policy-pack/rules/${about.name}.examples.ts`
      );
      return { about, examples };
    }),
  );
}

/** A rule's page, in Markdown. */
export function pageOf({ about, examples }: Page): string {
  const reference =
    about.framework === undefined ? "" : ` · ${about.framework.name} ${about.framework.reference}`;
  return [
    `# ${about.name}`,
    `<!-- Made from policy-pack/rules/${about.name}.ts and its examples by "npm run docs". -->`,
    `**${about.displayName}.** ${about.description}`,
    `Level: ${about.level} · severity: ${about.severity}${reference} · [AWS's document](${about.url})`,
    "## What to do",
    about.steps,
    "## Configuration",
    configurationTable(about),
    "## Accepted",
    ...examples.good.map((example) => section(example)),
    "## Rejected",
    ...examples.bad.map((example) => section(example)),
  ]
    .join("\n\n")
    .concat("\n");
}

function configurationTable(about: About): string {
  const rows = Object.entries(propertiesOf(about)).map(([key, schema]) => {
    const description = schema.description ?? "";
    return `| \`${key}\` | ${typeOf(schema)} | ${defaultOf(schema)} | ${description} |`;
  });
  return ["| key | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function typeOf(schema: Schema): string {
  if (schema.type === "string" && schema.enum !== undefined) {
    return schema.enum.map((value) => `\`"${value}"\``).join(" or ");
  }
  if (schema.type === "object") return keysOf(schema);
  if (schema.type !== "array") return schema.type;
  return `list of ${schema.items.type === "object" ? keysOf(schema.items) : `${schema.items.type}s`}`;
}

function keysOf({ properties, required }: Extract<Schema, { type: "object" }>): string {
  const keys = Object.keys(properties).map((key) => (required?.includes(key) === true ? key : `${key}?`));
  return `\`{ ${keys.join(", ")} }\``;
}

function defaultOf(schema: Schema): string {
  const value = schema.type === "object" ? defaultsIn(schema) : schema.default;
  return value === undefined ? (schema.type === "array" ? "`[]`" : "–") : `\`${JSON.stringify(value)}\``;
}

function defaultsIn({ properties }: Extract<Schema, { type: "object" }>): object {
  const values = Object.entries(properties).map(([key, each]) => [
    key,
    "default" in each ? each.default : undefined,
  ]);
  return Object.fromEntries(values);
}

function section({ title, resources, config, notes = [] }: Example): string {
  const shown = resources.map(({ type, name, props, secretOutputs }) => ({
    type,
    name,
    ...readable(props),
    ...(secretOutputs === undefined ? {} : { additionalSecretOutputs: secretOutputs }),
  }));
  const parts = [`### ${title}`];
  if (config !== undefined) parts.push(`With the configuration \`${JSON.stringify(config)}\`:`);
  parts.push(`\`\`\`json\n${shown.map((each) => JSON.stringify(each, null, 2)).join("\n")}\n\`\`\``);
  if (notes.length > 0) parts.push(`A note says: ${notes.map((note) => `“… ${note} …”`).join(", ")}`);
  return parts.join("\n\n");
}

/** Policy documents as objects instead of text. */
function readable(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = (value: unknown): unknown => {
    if (value === UNKNOWN_TEXT) return "<not known yet>";
    if (typeof value === "string") return value.startsWith("{") ? JSON.parse(value) : value;
    if (Array.isArray(value)) return value.map(read);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, read(each)]));
  };
  return Object.fromEntries(Object.entries(props).map(([key, value]) => [key, read(value)]));
}
