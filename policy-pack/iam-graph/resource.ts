import { homeIn } from "../cloudformation";
import { type Choice, Unknown } from "../iam/policy/unknown";
import type { Home } from "../iam/principal/arn";

/** A resource as the rules see it: plain values, with an `Unknown` for each value that is not known yet. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** The name in the program, or the logical id in a template. */
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** The resources that each property depends on, by URN. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  /** Stands for the account: equal for two providers that sign in alike. */
  readonly provider?: string;
  /** The account that it is in, if that is known from elsewhere than its properties. */
  readonly home?: Home;
  /** Outputs that the program marks as secret. */
  readonly secretOutputs: readonly string[];
  /** For a resource in a template: the URN of the resource that contains the template. */
  readonly declaredBy?: string;
  /** For a resource in a template: when it exists, if that is not known. */
  readonly condition?: Choice;
  /** For a resource with a template: where that is deployed, if that is known from elsewhere than its properties. */
  readonly deployed?: { readonly account?: string; readonly region?: string };
  /** For a resource whose template is a file. */
  readonly template?: TemplateFile;
  /** AWS creates it along with a declared resource; the program cannot change it. */
  readonly madeByAws?: true;
  /** A policy that is not attached: it is assessed as the guard that it may be meant to be. */
  readonly unattached?: true;
}

export function byUrn(a: Resource, b: Resource): number {
  return a.urn < b.urn ? -1 : 1;
}

/** `file`: its path. `nested`: the known templates of the stacks in it, by logical id. */
export interface TemplateFile {
  readonly body: string;
  readonly file: string;
  readonly nested: ReadonlyMap<string, TemplateFile>;
}

/** The resources in a resource. */
export interface NestedResources {
  readonly resources: readonly Resource[];
  /** Parts that cannot be seen, as phrases. */
  readonly unseen: readonly string[];
  /** Why it cannot be read. */
  readonly broken?: string;
}

/** A provider, with its properties if they are known. */
export interface Provider {
  readonly urn: string;
  readonly props?: Readonly<Record<string, unknown>>;
}

/** Settings of the AWS providers that do not choose the account. Any other may. */
const WITHOUT_ACCOUNT = new Set([
  ...["autoNaming", "defaultTags", "ignoreTags", "maxRetries", "pluginDownloadURL", "region", "retryMode"],
  ...["skipCredentialsValidation", "skipRegionValidation", "skipRequestingAccountId", "version"],
]);
const KEYS = new Set(["accessKey", "secretKey", "token"]);

/** The part of the engine's arguments that the rules need, for a resource policy and a stack policy alike. */
export interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly provider?: Provider | undefined;
  readonly opts: { readonly additionalSecretOutputs?: readonly string[] };
  readonly propertyDependencies?: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/**
 * Reads the engine's properties, in which reading an unknown value throws. Each such value becomes an `Unknown`.
 * `only`: the properties to read.
 */
export function readResource(given: Given, only: readonly string[]): Resource {
  const props: Record<string, unknown> = {};
  for (const key of only) {
    const value = readProperty(given.props, key);
    if (value !== undefined && value !== null) props[key] = value;
  }
  const dependencies: Record<string, readonly string[]> = {};
  for (const [key, resources] of Object.entries(given.propertyDependencies ?? {})) {
    dependencies[key] = resources.map(({ urn }) => urn);
  }
  return {
    urn: given.urn,
    type: given.type,
    name: given.name,
    props,
    dependencies,
    secretOutputs: given.opts.additionalSecretOutputs ?? [],
    ...(given.provider === undefined ? {} : { provider: accountOf(given.provider) }),
    ...homeOf(given.provider),
  };
}

/** The only account that a provider accepts. Source: Pulumi registry, the AWS providers' `allowedAccountIds`. */
function homeOf({ urn, props = {} }: Provider = { urn: "" }): Pick<Resource, "home"> {
  const [ids, region] = ["allowedAccountIds", "region"].map((name) => readProperty(props, name));
  // The SDK passes lists as JSON text.
  const [, account] =
    /^\["(\d{12})"\]$/.exec(typeof ids === "string" ? ids : (JSON.stringify(ids) ?? "")) ?? [];
  if (account === undefined) return {};
  return { home: homeIn({ scope: `${urn} `, account, ...(typeof region === "string" ? { region } : {}) }) };
}

/** How a provider signs in; its URN if that is not known, or uses keys. */
function accountOf({ urn, props }: Provider): string {
  if (props === undefined) return urn;
  const names = Object.keys(props).filter((name) => !WITHOUT_ACCOUNT.has(name));
  let isPlain = !names.some((name) => KEYS.has(name));
  const settings = names.sort().map((name) => [name, readProperty(props, name)]);
  const text = JSON.stringify(settings, (_, value: unknown) => {
    isPlain &&= !(value instanceof Unknown);
    return value;
  });
  return isPlain ? text : urn;
}

function readProperty(holder: object, key: string, label = key): unknown {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch {
    return new Unknown(label);
  }
  return copy(value, label);
}

function copy(value: unknown, label: string): unknown {
  if (typeof value !== "object" || value === null || value instanceof Unknown) return value;
  const keys = Object.keys(value);
  if (Array.isArray(value)) return keys.map((key) => readProperty(value, key, `${label}[${key}]`));
  return Object.fromEntries(keys.map((key) => [key, readProperty(value, key)]));
}
