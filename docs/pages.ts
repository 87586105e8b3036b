import type { Schema } from "../policy-pack/rules/configuration";
import { schemaOf } from "../policy-pack/rules/defaults";
import type { Example, Examples } from "../policy-pack/rules/example";
import { iamGroupRequiresMfa } from "../policy-pack/rules/iam-group-requires-mfa";
import { examples as group } from "../policy-pack/rules/iam-group-requires-mfa.examples";
import { iamMfaConditionIsEffective } from "../policy-pack/rules/iam-mfa-condition-is-effective";
import { examples as effective } from "../policy-pack/rules/iam-mfa-condition-is-effective.examples";
import { iamMfaSeedIsSecret } from "../policy-pack/rules/iam-mfa-seed-is-secret";
import { examples as seed } from "../policy-pack/rules/iam-mfa-seed-is-secret.examples";
import { iamRoleRequiresMfa } from "../policy-pack/rules/iam-role-requires-mfa";
import { examples as role } from "../policy-pack/rules/iam-role-requires-mfa.examples";
import { iamRoleSessionDuration } from "../policy-pack/rules/iam-role-session-duration";
import { examples as session } from "../policy-pack/rules/iam-role-session-duration.examples";
import { iamRoleWebIdentityIsNarrowed } from "../policy-pack/rules/iam-role-web-identity-is-narrowed";
import { examples as webIdentity } from "../policy-pack/rules/iam-role-web-identity-is-narrowed.examples";
import { iamUserRequiresMfa } from "../policy-pack/rules/iam-user-requires-mfa";
import { examples as user } from "../policy-pack/rules/iam-user-requires-mfa.examples";
import type { About } from "../policy-pack/rules/rule";

/** A rule with its examples: the one source of its page in `docs/rules/` and of the test that runs them. */
export const PAGES: readonly { readonly about: About; readonly examples: Examples }[] = [
  { about: iamRoleRequiresMfa.about, examples: role },
  { about: iamGroupRequiresMfa.about, examples: group },
  { about: iamUserRequiresMfa.about, examples: user },
  { about: iamMfaConditionIsEffective.about, examples: effective },
  { about: iamMfaSeedIsSecret.about, examples: seed },
  { about: iamRoleSessionDuration.about, examples: session },
  { about: iamRoleWebIdentityIsNarrowed.about, examples: webIdentity },
];

/** A rule's page, in Markdown. */
export function pageOf({ about, examples }: (typeof PAGES)[number]): string {
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
  const rows = Object.entries(schemaOf(about).properties).map(([key, schema]) => {
    const description = schema.description ?? "";
    return `| \`${key}\` | ${typeOf(schema)} | ${defaultOf(schema)} | ${description} |`;
  });
  return ["| key | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function typeOf({ type, enum: values, items, properties }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`"${value}"\``).join(" or ");
  if (type === "array")
    return `list of ${items?.type === "object" ? keysOf(items) : `${items?.type ?? "value"}s`}`;
  return type === "object" ? keysOf({ type, ...(properties === undefined ? {} : { properties }) }) : type;
}

function keysOf({ properties, required }: Schema): string {
  const keys = Object.keys(properties ?? {}).map((key) =>
    required?.includes(key) === true ? key : `${key}?`,
  );
  return `\`{ ${keys.join(", ")} }\``;
}

function defaultOf({ default: value, type, properties }: Schema): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``;
  if (type === "array") return "`[]`";
  const inside = Object.entries(properties ?? {}).filter(([, { default: each }]) => each !== undefined);
  if (inside.length === 0) return "–";
  return `\`${JSON.stringify(Object.fromEntries(inside.map(([key, { default: each }]) => [key, each])))}\``;
}

function section({ title, resources, config }: Example): string {
  const shown = resources.map(({ type, name, props, secretOutputs }) => ({
    type,
    name,
    ...readable(props),
    ...(secretOutputs === undefined ? {} : { additionalSecretOutputs: secretOutputs }),
  }));
  const parts = [`### ${title}`];
  if (config !== undefined) parts.push(`With the configuration \`${JSON.stringify(config)}\`:`);
  parts.push(`\`\`\`json\n${shown.map((each) => JSON.stringify(each, null, 2)).join("\n")}\n\`\`\``);
  return parts.join("\n\n");
}

/** Policy documents as objects, which reads better than the text that a program hands over. */
function readable(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(props).map(([key, value]) => [
      key,
      typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value,
    ]),
  );
}
