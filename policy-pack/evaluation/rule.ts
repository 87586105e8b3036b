import type { IamGraph } from "../iam-graph/graph";
import type { Resource } from "../iam-graph/resource";
import type { Assessment } from "./assessment";
import type { Configuration, Properties } from "./configuration";
import { EXEMPTIONS } from "./exemption";

/** What a person is told about a policy, on its page and in the Pulumi console. */
export interface About {
  /** The policy's name. Never reused for another meaning. */
  readonly name: string;
  readonly displayName: string;
  /** One sentence. */
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: "advisory" | "mandatory";
  /** A control that says what the rule says; none where no framework has one. `specification`: the control's title. */
  readonly framework?: {
    readonly name: string;
    readonly version: string;
    readonly reference: string;
    readonly specification: string;
  };
  readonly tags: readonly string[];
  /** What to do about a violation. */
  readonly steps: string;
  /** The AWS document behind it. */
  readonly url: string;
  /** `false` for one that rejects nothing, so that there is nothing to exempt from it. */
  readonly rejects?: false;
  /** Keys of the configuration, beside `exemptions`. */
  readonly configuration: Properties;
}

/** What every rule's configuration has. */
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
  /** One sentence about the subject: why its verdict is what it is. */
  readonly reason: string;
  /** What was found, where, and what to do. Of a verdict of `unknown`: what is not known, as one clause. */
  readonly lines: readonly string[];
}

/**
 * A rule: a pure function from a graph to assessments, which hold values and no text, and the text of each. `P`: its
 * configuration; `D`: the data of its assessments.
 */
export interface Rule<
  P extends Properties = Properties,
  D extends { readonly code: string } = { code: string },
> {
  readonly about: About & { readonly configuration: P };
  /** `resource`: each resource can be judged without the others. */
  readonly scope: "resource" | "stack";
  /** The types of resources that it is about. */
  readonly types: ReadonlySet<string>;
  /** The kind of subject whose verdict it is. Other rules have more to say about one. */
  readonly decides?: "role" | "group" | "user" | "device";
  assess(graph: IamGraph, config: ConfigOf<P>): readonly Assessment<D>[];
  describe(assessment: Assessment<D>): Description;
  /**
   * What to set in place of a property, or why the resource is left alone; `undefined` where there is nothing to do.
   * `graph`: of this resource alone. `source` gives a property as the engine holds it, with whatever stands for secret and unknown values.
   */
  remediate?(
    graph: IamGraph,
    resource: Resource,
    config: ConfigOf<P>,
    source: (property: string) => unknown,
  ): Remediation | undefined;
}

/** `warn` lets a resource pass with a note while its policy is not known yet, `reject` does not. */
export const UNKNOWN = {
  type: "string",
  enum: ["warn", "reject"],
  default: "warn",
  description: "What to do with a resource whose policy is not known yet during a preview.",
} as const;

export const STRINGS = { type: "array", items: { type: "string", minLength: 1 } } as const;
