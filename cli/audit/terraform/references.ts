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

/** A resource of the plan, as far as it takes to find what refers to it. */
export interface Instance {
  readonly urn: string;
  /** With the indices of `count` and `for_each`. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
}

/** A module as it is called, down from the root. */
interface Scope {
  readonly module: Module;
  readonly path: string;
  /** Who calls it, and with what. Nobody calls the root. */
  readonly from?: { readonly scope: Scope; readonly call: Call };
}

const INDEX = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;
/** They choose among instances of what is named beside them, or are texts that name no resource. */
const NAMES_NO_RESOURCE = /^(each\.key|count\.index|path\.|terraform\.)/;

/** Which resources of a plan an attribute takes its value from: a plan says it only for whole expressions of the configuration. */
export class References {
  private readonly scopes = new Map<string, Scope>();
  private readonly byConfigured = new Map<string, Instance[]>();

  constructor(root: Module, instances: readonly Instance[]) {
    this.addScope({ module: root, path: "" });
    for (const instance of instances) {
      const key = configuredAs(instance.module, instance.type, instance.name);
      this.byConfigured.set(key, [...(this.byConfigured.get(key) ?? []), instance]);
    }
  }

  private addScope(scope: Scope): void {
    this.scopes.set(scope.path, scope);
    for (const [name, call] of Object.entries(scope.module.module_calls ?? {})) {
      const path = [scope.path, `module.${name}`].filter(Boolean).join(".");
      this.addScope({ module: call.module ?? {}, path, from: { scope, call } });
    }
  }

  /** What is configured for an instance. */
  private configured(instance: Instance) {
    const scope = this.scopes.get(instance.module.replace(INDEX, ""));
    const resource = scope?.module.resources?.find(
      ({ mode, type, name }) => mode === "managed" && type === instance.type && name === instance.name,
    );
    return scope === undefined || resource === undefined ? undefined : { scope, resource };
  }

  /** The key of the provider's configuration, without the module that passes it on. */
  providerOf(instance: Instance): string | undefined {
    return this.configured(instance)?.resource.provider_config_key?.split(":").at(-1);
  }

  /**
   * URNs of the resources that an attribute depends on; none where it may as well come from elsewhere, such as from a local value, of
   * which a plan says nothing.
   */
  urnsIn(instance: Instance, attribute: string): readonly string[] {
    const found = this.configured(instance);
    if (found === undefined) return [];
    const { scope, resource } = found;
    const each = resource.for_each_expression;
    const instances = this.resolve(resource.expressions?.[attribute], scope, each, instance.module);
    return instances === undefined ? [] : [...new Set(instances.map(({ urn }) => urn))];
  }

  /** `undefined` where not all of it is known. `within`: the instance of the module, where the reference does not leave it. */
  private resolve(
    expression: unknown,
    scope: Scope,
    each: unknown,
    within?: string,
    visited: ReadonlySet<unknown> = new Set(),
  ): readonly Instance[] | undefined {
    // No expression holds itself, but what is read may come from anyone.
    if (visited.has(expression)) return undefined;
    const seen = new Set([...visited, expression]);
    const resolved = referencesIn(expression).map((reference): readonly Instance[] | undefined => {
      if (NAMES_NO_RESOURCE.test(reference)) return [];
      const [first = "", second = "", third] = reference.replace(INDEX, "").split(".");
      switch (first) {
        case "each":
          return each === undefined ? undefined : this.resolve(each, scope, undefined, within, seen);
        case "var": {
          const { from } = scope;
          const given = from?.call.expressions?.[second];
          // A constant beside a resource may be what is chosen.
          return from === undefined || referencesIn(given).length === 0
            ? undefined
            : this.resolve(given, from.scope, from.call.for_each_expression, undefined, seen);
        }
        case "module": {
          // The module as a whole stands beside the output that is meant.
          if (third === undefined) return [];
          const called = this.scopes.get([scope.path, `module.${second}`].filter(Boolean).join("."));
          const output = called?.module.outputs?.[third];
          return called === undefined || output === undefined
            ? undefined
            : this.resolve(output.expression, called, undefined, undefined, seen);
        }
        case "local":
        case "data":
        case "self":
          return undefined;
        default: {
          const all = this.byConfigured.get(configuredAs(scope.path, first, second)) ?? [];
          return within === undefined ? all : all.filter(({ module }) => module === within);
        }
      }
    });
    return resolved.some((one) => one === undefined) ? undefined : resolved.flatMap((one) => one ?? []);
  }
}

function configuredAs(module: string, type: string, name: string): string {
  return [module.replace(INDEX, ""), type, name].join(" ");
}

/** All references in an expression, or in a nested block of them. */
function referencesIn(expression: unknown): readonly string[] {
  if (typeof expression !== "object" || expression === null) return [];
  const { references } = expression as { references?: unknown };
  if (Array.isArray(references)) return references.filter((each) => typeof each === "string");
  return Object.values(expression).flatMap(referencesIn);
}
