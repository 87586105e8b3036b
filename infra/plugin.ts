import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { InputPropertiesError } from "@pulumi/pulumi/errors";
import { MfaAccess, readAccess } from "./access/mfa-access";
import { planAccess } from "./access/plan";
import { ArgumentsError } from "./arguments/problem";
import { configuredProvider, fileOf, serveOwnResources } from "./dynamic/dynamic-resource";
import { MfaGroup } from "./group/mfa-group";
import { MfaGuard } from "./group/mfa-guard";
import { MfaRole } from "./role/mfa-role";
import { MfaUser } from "./user/mfa-user";

// Pulumi starts this plugin for programs in any language. Programs in TypeScript can import the components from index.ts instead.

const read = (file: string) => readFileSync(join(__dirname, "..", file), "utf8");
const schema = read("schema.json");
const { resources }: { resources: Record<string, { properties: object }> } = JSON.parse(schema);
const { version }: { version: string } = JSON.parse(read("package.json"));

/** The program's configuration, empty until it creates a component: a `destroy` runs no program. */
let configuration: Readonly<Record<string, string>> = {};

type Properties = Readonly<Record<string, unknown>>;

/**
 * Creates the components, and serves the resources that act when they are deleted, whose code a program in another language than Node's
 * cannot load.
 *
 * https://www.pulumi.com/docs/iac/guides/building-extending/components/build-a-component/
 */
const plugin: pulumi.provider.Provider = {
  version,
  schema,

  async construct(name, type, inputs, options) {
    configuration = pulumi.runtime.allConfig();
    try {
      const component = await make(type, name, inputs, options);
      const outputs = Object.keys(resources[type]?.properties ?? {});
      return {
        urn: component.urn,
        state: Object.fromEntries(outputs.map((key) => [key, Reflect.get(component, key)])),
      };
    } catch (error) {
      if (!(error instanceof ArgumentsError)) throw error;
      // The engine prints each error on its own line, with its path.
      throw new InputPropertiesError({
        message: `The arguments of ${name} have errors. Nothing of it was created or changed.`,
        errors: error.problems.map(({ key, message }) => ({ propertyPath: key, reason: message })),
      });
    }
  },

  async check(urn, olds: Properties, news: Properties) {
    const checked = await (await handler(urn, news)).check?.(plain(olds), plain(news));
    return { inputs: news, failures: checked?.failures ?? [] };
  },

  async diff(id, urn, olds: Properties, news: Properties) {
    return (await (await handler(urn, news)).diff?.(id, plain(olds), plain(news))) ?? {};
  },

  // The properties are returned as received, secrets marked.
  async create(urn, inputs: Properties) {
    const { id } = await (await handler(urn, inputs)).create(plain(inputs));
    return { id, outs: inputs };
  },

  async update(_id, _urn, _olds, news: Properties) {
    return { outs: news };
  },

  async delete(id, urn, properties: Properties) {
    await (await handler(urn, properties)).delete?.(id, plain(properties));
  },
};

async function make(
  type: string,
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<pulumi.ComponentResource> {
  // The components check their arguments themselves: `readArguments`.
  const { roleName, groupName, userName, policyName, groupNames, ...others } = inputs;
  switch (type) {
    case "aws-mfa:index:MfaAccess": {
      const plan = await planAccess(name, readAccess(name, inputs), invokeOptions(options));
      return new MfaAccess(name, inputs, options, plan);
    }
    case "aws-mfa:index:MfaGroup":
      return new MfaGroup(name, { groupName, ...others }, options);
    case "aws-mfa:index:MfaGuard":
      return new MfaGuard(name, { policyName, groupNames, ...others }, options);
    case "aws-mfa:index:MfaRole":
      return new MfaRole(name, { roleName, ...others }, options);
    case "aws-mfa:index:MfaUser":
      return new MfaUser(name, { userName, groupName, ...others }, options);
    default:
      throw new Error(`Expected a component of this package, got ${type}.`);
  }
}

/** The options to call the AWS provider that the components will have. */
function invokeOptions({ providers }: pulumi.ComponentResourceOptions): pulumi.InvokeOptions {
  const provider = Array.isArray(providers) ? undefined : providers?.aws;
  return provider ? { provider } : {};
}

/** Configured by this run, or else as the resource's last update was. */
function handler(urn: string, properties: Properties) {
  const { aws } = plain(properties);
  return configuredProvider(fileOf(urn), (key) => configuration[key] ?? aws?.[key.replace(/^aws:/, "")]);
}

/** The key that marks a special value, such as a secret, in the engine's properties. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The properties without the marks of secrets. */
// biome-ignore lint/suspicious/noExplicitAny: the interface of Pulumi's dynamic providers.
function plain(value: any): any {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (SIGNATURE in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

serveOwnResources();
void pulumi.provider.main(plugin, process.argv.slice(2));
