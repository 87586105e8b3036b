import type { PolicyResource } from "@pulumi/policy";
import { policies } from "../../policy-pack/crossguard/pack";
import { type Analyzed, type Said, UNKNOWN_TEXT, urnOf } from "../analyzer/analyzed";

export * from "../analyzer/analyzed";
export const PACK_FOLDER = "";

type Configuration = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The pack's policies without the SDK and its server: a mutant is tried in a fraction of the time that a process takes to
 * start. It stands in for `tests/analyzer/pack.ts`, as far as the tests of mutation testing need it.
 */
export class RunningPack {
  readonly printed: readonly string[] = [];
  private readonly policies = policies();
  private given: Configuration = {};

  static start(_folder: string): Promise<RunningPack> {
    return Promise.resolve(new RunningPack());
  }

  stop(): void {}

  configure(given: Configuration): void {
    this.given = given;
  }

  async analyze(resource: Analyzed): Promise<Said[]> {
    return this.ask(resource.name, (policy, args, report) => {
      if (!("validateResource" in policy) || typeof policy.validateResource !== "function") return;
      const only: unknown = Reflect.get(policy.validateResource, "__pulumiType");
      if (only === undefined || only === resource.type) {
        void policy.validateResource({ ...seen(resource), ...args }, report);
      }
    });
  }

  async analyzeStack(resources: readonly Analyzed[]): Promise<Said[]> {
    const all = new Map(resources.map((each) => [each.name, seen(each)]));
    for (const { name, dependencies = {} } of resources) {
      const on = (names: readonly string[]) => names.flatMap((each) => all.get(each) ?? []);
      const own = Object.entries(dependencies).map(([property, names]) => [property, on(names)]);
      Object.assign(all.get(name)?.propertyDependencies ?? {}, Object.fromEntries(own));
    }
    return this.ask("", (policy, args, report) => {
      if ("validateStack" in policy)
        void policy.validateStack({ resources: [...all.values()], ...args }, report);
    });
  }

  /** Asks every policy, as the SDK does. */
  private ask(
    about: string,
    validate: (
      policy: ReturnType<typeof policies>[number],
      args: {
        getConfig: <T extends object>() => T;
        notApplicable: () => never;
        stackTags: ReadonlyMap<string, string>;
      },
      report: (message: string | object, urn?: string) => void,
    ) => void,
  ): Said[] {
    const all: Said[] = [];
    for (const policy of this.policies) {
      const { enforcementLevel: level, ...config } = this.given[policy.name] ?? {};
      const notApplicable = (): never => {
        throw new NotApplicable();
      };
      try {
        // The policy parses its configuration itself.
        const getConfig = <T extends object>() => config as T;
        validate(policy, { getConfig, notApplicable, stackTags: new Map() }, (message, urn = "") => {
          all.push({
            policy: policy.name,
            level: (level ?? policy.enforcementLevel) as Said["level"],
            message: `${policy.description}\n${String(message)}`,
            about: urn.split("::").pop() || about,
          });
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
function seen({ type, name, props, secretOutputs = [], provider }: Analyzed): PolicyResource {
  const resource = {
    type,
    name,
    urn: urnOf(type, name),
    props: opaque(props),
    opts: { additionalSecretOutputs: [...secretOutputs] },
    propertyDependencies: {},
    ...(provider === undefined ? {} : { provider: { urn: urnOf("pulumi:providers:aws", provider) } }),
  };
  return resource as unknown as PolicyResource;
}

function opaque<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const made: object = Array.isArray(value) ? [] : {};
  for (const [key, each] of Object.entries(value)) {
    const get = () => {
      if (each === UNKNOWN_TEXT) throw new Error(`${key} is not known yet`);
      return opaque(each);
    };
    Object.defineProperty(made, key, { get, enumerable: true });
  }
  return made as T;
}
