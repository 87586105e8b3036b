import { memoize } from "aws-mfa-policy-pack/iam";
import { z } from "zod";

const expressions = z.record(z.string(), z.unknown());

const configuredResource = z.looseObject({
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  provider_config_key: z.string().optional(),
  expressions: expressions.optional(),
  for_each_expression: z.unknown().optional(),
});

interface Module {
  readonly resources?: readonly z.output<typeof configuredResource>[] | undefined;
  readonly module_calls?: Readonly<Record<string, Call>> | undefined;
  readonly outputs?: Readonly<Record<string, { readonly expression?: unknown }>> | undefined;
}
interface Call {
  readonly module?: Module | undefined;
  readonly expressions?: Readonly<Record<string, unknown>> | undefined;
  readonly for_each_expression?: unknown;
}

/** A module's configuration in a plan. Source: Terraform, "JSON Output Format", configuration representation. */
export const configuredModule: z.ZodType<Module> = z.lazy(() =>
  z.looseObject({
    resources: z.array(configuredResource).optional(),
    module_calls: z
      .record(
        z.string(),
        z.looseObject({ module: configuredModule.optional(), expressions: expressions.optional() }),
      )
      .optional(),
    outputs: z.record(z.string(), z.looseObject({ expression: z.unknown().optional() })).optional(),
  }),
);

/** A resource of the plan, with what is needed to find references to it. */
export interface Instance {
  readonly urn: string;
  /** With the indices of `count` and `for_each`. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A module with its call. */
interface Scope {
  readonly path: string;
  readonly resources: ReadonlyMap<string, z.output<typeof configuredResource>>;
  readonly outputs: NonNullable<Module["outputs"]>;
  /** The call and the module that makes it; absent for the root. */
  readonly from?: { readonly scope: Scope; readonly call: Call };
}

const INDEX = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;
/** References that choose an instance, or that are texts which name no resource. */
const NAMES_NO_RESOURCE = /^(each\.key|count\.index|path\.|terraform\.)/;

/** `undefined` if some of it is not known. */
type Resolved = readonly Instance[] | undefined;

/** The resources from which an attribute takes its value. A plan has only the references of a whole expression. */
export class References {
  private readonly scopes = new Map<string, Scope>();
  /** By module (as configured, and as an instance of one), type and name. */
  private readonly configuredAs = new Map<string, Instance[]>();
  private readonly inInstance = new Map<string, Instance[]>();
  /** By expression, and by the instance of the module. A circular reference is not known. */
  private readonly resolved = new Map<unknown, Map<string, Resolved>>();

  constructor(root: Module, instances: readonly Instance[]) {
    this.addScope("", root);
    for (const each of instances) {
      const { module, type, name } = each;
      memoize(this.configuredAs, keyOf(module.replace(INDEX, ""), type, name), () => []).push(each);
      memoize(this.inInstance, keyOf(module, type, name), () => []).push(each);
    }
  }

  private addScope(path: string, module: Module, from?: Scope["from"]): void {
    const managed = (module.resources ?? []).filter(({ mode }) => mode === "managed");
    const scope: Scope = {
      path,
      resources: new Map(managed.map((each) => [keyOf("", each.type, each.name), each])),
      outputs: module.outputs ?? {},
      ...(from && { from }),
    };
    this.scopes.set(path, scope);
    for (const [name, call] of Object.entries(module.module_calls ?? {})) {
      this.addScope(below(path, name), call.module ?? {}, { scope, call });
    }
  }

  private configured({ module, type, name }: Instance) {
    const scope = this.scopes.get(module.replace(INDEX, ""));
    const resource = scope?.resources.get(keyOf("", type, name));
    return scope === undefined || resource === undefined ? undefined : { scope, resource };
  }

  /** The key of the provider's configuration. Different keys may be for different accounts. */
  providerOf(instance: Instance): string | undefined {
    return this.configured(instance)?.resource.provider_config_key;
  }

  /**
   * The URNs of the resources that an attribute depends on; none if it may depend on something else, such as a local value, which a
   * plan does not contain.
   */
  urnsIn(instance: Instance, attribute: string): readonly string[] {
    return this.instancesIn(instance, attribute).map(({ urn }) => urn);
  }

  /** Whether the known text of an attribute is the name or the ARN of the only resource that it refers to. */
  isNamed(instance: Instance, attribute: string, text: unknown): boolean {
    if (typeof text !== "string") return false;
    const [only, another] = this.instancesIn(instance, attribute);
    return only !== undefined && another === undefined && Object.values(only.values).includes(text);
  }

  private instancesIn(instance: Instance, attribute: string): readonly Instance[] {
    const found = this.configured(instance);
    if (found === undefined) return [];
    const { expressions: given, for_each_expression } = found.resource;
    return this.resolve(given?.[attribute], found.scope, for_each_expression, instance.module) ?? [];
  }

  /** @param within the instance of the module, unless the reference leaves it */
  private resolve(expression: unknown, scope: Scope, each: unknown, within?: string): Resolved {
    const known = memoize(this.resolved, expression, () => new Map<string, Resolved>());
    const key = within ?? "any instance";
    if (known.has(key)) return known.get(key);
    known.set(key, undefined);
    const references = new Set(referencesIn(expression).map((one) => one.replace(INDEX, "")));
    const all = [...references].map((one) => this.resolveOne(one, references, scope, each, within));
    const isKnown = all.every((one) => one !== undefined);
    const answer = isKnown ? [...new Set(all.flat())] : undefined;
    known.set(key, answer);
    return answer;
  }

  private resolveOne(
    reference: string,
    beside: ReadonlySet<string>,
    scope: Scope,
    each: unknown,
    within: string | undefined,
  ): Resolved {
    if (NAMES_NO_RESOURCE.test(reference)) return [];
    const [first = "", second = "", third] = reference.split(".");
    switch (first) {
      case "each":
        return each === undefined ? undefined : this.resolve(each, scope, undefined, within);
      case "var": {
        const { from } = scope;
        const given = from?.call.expressions?.[second];
        // Its value may be a constant in the same expression.
        return from === undefined || referencesIn(given).length === 0
          ? undefined
          : this.resolve(given, from.scope, from.call.for_each_expression);
      }
      case "module": {
        // A plan lists the module beside the output that is used, or alone for several outputs.
        if (third === undefined) {
          return [...beside].some((one) => one.startsWith(`${reference}.`)) ? [] : undefined;
        }
        const called = this.scopes.get(below(scope.path, second));
        const output = called?.outputs[third];
        return called === undefined || output === undefined
          ? undefined
          : this.resolve(output.expression, called, undefined);
      }
      case "local":
      case "data":
      case "self":
        return undefined;
      default:
        return within === undefined
          ? (this.configuredAs.get(keyOf(scope.path, first, second)) ?? [])
          : (this.inInstance.get(keyOf(within, first, second)) ?? []);
    }
  }
}

const below = (path: string, module: string) =>
  path === "" ? `module.${module}` : `${path}.module.${module}`;
const keyOf = (module: string, type: string, name: string) => `${module} ${type} ${name}`;

/** All references in an expression or in nested blocks. */
function referencesIn(expression: unknown): readonly string[] {
  if (typeof expression !== "object" || expression === null) return [];
  const { references } = expression as { references?: unknown };
  if (Array.isArray(references)) return references.filter((each) => typeof each === "string");
  return Object.values(expression).flatMap(referencesIn);
}
