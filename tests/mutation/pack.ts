import { policies } from "../../policy-pack/crossguard/pack";
import { UNKNOWN_TEXT } from "../../policy-pack/rules/example";
import { type Analyzed, providerProps, type Said, urnOf } from "../analyzer/analyzed";

export * from "../analyzer/analyzed";
export const PACK_FOLDER = "";

type Policy = ReturnType<typeof policies>[number];
type Configuration = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Report = (message: string | object, urn?: string) => void;

/**
 * The pack's policies without the SDK and its server, which take longer to start than a mutant takes to be found. It stands in
 * for `tests/analyzer/pack.ts`, as far as the tests of mutation testing need it.
 */
export class RunningPack {
  readonly printed: readonly string[] = [];
  private readonly policies = policies();
  private given: Configuration = {};

  static async start(_folder: string): Promise<RunningPack> {
    return new RunningPack();
  }

  stop(): void {}

  configure(given: Configuration): void {
    this.given = given;
  }

  async analyze(resource: Analyzed): Promise<Said[]> {
    return this.ask(resource.name, (policy, args, report) => {
      if (!("validateResource" in policy) || typeof policy.validateResource !== "function") return;
      const only: unknown = Reflect.get(policy.validateResource, "__pulumiType");
      if (only !== undefined && only !== resource.type) return;
      void policy.validateResource({ ...seen(resource), ...args } as never, report);
    });
  }

  async analyzeStack(resources: readonly Analyzed[]): Promise<Said[]> {
    const all = new Map(resources.map((each) => [each.name, seen(each)]));
    for (const { name, dependencies = {} } of resources) {
      for (const [property, names] of Object.entries(dependencies)) {
        Object.assign(all.get(name)?.propertyDependencies ?? {}, {
          [property]: names.flatMap((each) => all.get(each) ?? []),
        });
      }
    }
    return this.ask("", (policy, args, report) => {
      if (!("validateStack" in policy)) return;
      void policy.validateStack({ resources: [...all.values()], ...args } as never, report);
    });
  }

  /** Asks every policy, as the SDK does. */
  private ask(about: string, validate: (policy: Policy, args: object, report: Report) => void): Said[] {
    const all: Said[] = [];
    for (const policy of this.policies) {
      const { enforcementLevel, ...config } = this.given[policy.name] ?? {};
      const level = (enforcementLevel ?? policy.enforcementLevel) as Said["level"];
      const notApplicable = () => {
        throw new NotApplicable();
      };
      try {
        validate(policy, { getConfig: () => config, notApplicable }, (text, urn = "") => {
          const message = `${policy.description}\n${String(text)}`;
          all.push({ policy: policy.name, level, message, about: urn.split("::").pop() || about });
        });
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
      }
    }
    return all;
  }
}

class NotApplicable extends Error {}

/** A resource as the SDK gives it to a policy: touching a value that is not known throws. */
function seen({ type, name, props, secretOutputs = [], provider }: Analyzed) {
  return {
    type,
    name,
    urn: urnOf(type, name),
    props: opaque(props),
    opts: { additionalSecretOutputs: secretOutputs },
    propertyDependencies: {},
    ...(provider === undefined
      ? {}
      : { provider: { urn: urnOf("pulumi:providers:aws", provider), props: providerProps(provider) } }),
  };
}

function opaque(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const made: object = Array.isArray(value) ? [] : {};
  for (const [key, each] of Object.entries(value)) {
    const get = () => {
      if (each === UNKNOWN_TEXT) throw new Error(`${key} is not known yet`);
      return opaque(each);
    };
    Object.defineProperty(made, key, { get, enumerable: true });
  }
  return made;
}
