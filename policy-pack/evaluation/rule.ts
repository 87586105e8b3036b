import type { IamGraph } from "../iam-graph/graph";
import type { Resource } from "../iam-graph/resource";
import type { Assessment } from "./assessment";
import type { Configuration, Properties } from "./configuration";
import { EXEMPTIONS } from "./exemption";

/** The description of a policy, for its page and the Pulumi console. */
export interface About {
  /** The policy's name. Never reused for another meaning. */
  readonly name: string;
  readonly displayName: string;
  /** One sentence. */
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: "advisory" | "mandatory";
  /** The control of a compliance framework with the same requirement, if there is one. `specification`: its title. */
  readonly framework?: {
    readonly name: string;
    readonly version: string;
    readonly reference: string;
    readonly specification: string;
  };
  readonly tags: readonly string[];
  /** How to fix a violation. */
  readonly steps: string;
  /** The AWS document behind it. */
  readonly url: string;
  /** `false` for a policy that never rejects anything and so has no exemptions. */
  readonly rejects?: false;
  /** Keys of the configuration, beside `exemptions`. */
  readonly configuration: Properties;
}

/** The keys of every rule's configuration. */
export const COMMON = { exemptions: EXEMPTIONS } as const;

export type ConfigOf<P extends Properties> = Configuration<P & typeof COMMON>;

/** All keys of a policy's configuration. */
export function propertiesOf({
  configuration,
  rejects,
}: Pick<About, "configuration" | "rejects">): Properties {
  return rejects === false ? configuration : { ...configuration, ...COMMON };
}

export type Remediation =
  | { readonly kind: "set"; readonly property: string; readonly value: unknown }
  | { readonly kind: "left"; readonly reason: string };

/** The text of an assessment. */
export interface Description {
  /** The reason for the verdict, in one sentence about the subject. */
  readonly reason: string;
  /** What was found, where, and how to fix it. For the verdict `unknown`: what is not known, as one clause. */
  readonly lines: readonly string[];
}

/**
 * A rule: a pure function from a graph to assessments, which are values without text, and a function that describes each.
 * `P`: its configuration; `D`: the data of its assessments.
 */
export interface Rule<
  P extends Properties = Properties,
  D extends { readonly code: string } = { code: string },
> {
  readonly about: About & { readonly configuration: P };
  /** `resource`: each resource is assessed without the others. */
  readonly scope: "resource" | "stack";
  /** The types of resources that it assesses. */
  readonly types: ReadonlySet<string>;
  /** The kind of subject whose verdict it decides. Other rules may report more about that subject. */
  readonly decides?: "role" | "group" | "user" | "device";
  assess(graph: IamGraph, config: ConfigOf<P>): readonly Assessment<D>[];
  describe(assessment: Assessment<D>): Description;
  /**
   * The new value of a property, or why the resource is not remediated; `undefined` if there is nothing to fix. `graph`: of this
   * resource alone. `source`: returns a property as the engine has it, with its markers for secret and unknown values.
   */
  remediate?(
    graph: IamGraph,
    resource: Resource,
    config: ConfigOf<P>,
    source: (property: string) => unknown,
  ): Remediation | undefined;
}

/** `warn` reports a note while a policy is not known yet, `reject` a violation. */
export const UNKNOWN = {
  type: "string",
  enum: ["warn", "reject"],
  default: "warn",
  description: "What to do with a resource whose policy is not known yet during a preview.",
} as const;

export const STRINGS = { type: "array", items: { type: "string", minLength: 1 } } as const;
