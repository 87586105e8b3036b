import type { IamGraph } from "../iam-graph/graph";
import type { Resource } from "../iam-graph/resource";
import type { Schema } from "./configuration";
import type { Exemption } from "./exemption";
import type { Finding, Findings } from "./finding";

/** What a person is told about a rule, on its page and in the Pulumi console. */
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
  readonly configuration: Readonly<Record<string, Schema>>;
}

/** What every rule's configuration has. */
export interface Common {
  readonly exemptions: readonly Exemption[];
}

export type Remediation =
  | { readonly kind: "set"; readonly property: string; readonly value: unknown }
  | { readonly kind: "left"; readonly reason: string };

/** A rule on one resource: a pure function from a resource to what it finds. */
export interface ResourceRule<C> {
  readonly kind: "resource";
  readonly about: About;
  readonly types: ReadonlySet<string>;
  judge(resource: Resource, config: C): Findings;
  /** What it says of a template of which some part cannot be seen; a rule without it says nothing. */
  unseen?(holder: Resource, what: string, config: C): Findings;
  /**
   * What to set in place of a property, or why the resource is left alone; `undefined` where there is nothing to do.
   * `source` gives a property as the engine holds it, with whatever stands for secret and unknown values.
   */
  remediate?(resource: Resource, config: C, source: (property: string) => unknown): Remediation | undefined;
}

/** A rule on a whole stack. */
export interface StackRule<C> {
  readonly kind: "stack";
  readonly about: About;
  judge(stack: IamGraph, config: C): Findings;
  /** What it says of a template of which some part cannot be seen; a rule without it says nothing. */
  unseen?(holder: Resource, what: string, config: C): Findings;
}

export type { Finding };

const PATTERN = "anchored, with * and ?";

/** The list of exemptions, which every rule takes. */
export const EXEMPTIONS: Schema = {
  type: "array",
  description: "Resources that this policy leaves alone, each with its reason. A used exemption is reported.",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["reason"],
    properties: {
      name: { type: "string", minLength: 1, description: `Pattern of the resource's name (${PATTERN}).` },
      urn: { type: "string", minLength: 1, description: `Pattern of the resource's URN (${PATTERN}).` },
      type: { type: "string", minLength: 1, description: `Pattern of the resource's type (${PATTERN}).` },
      reason: { type: "string", minLength: 1, description: "Why." },
      expires: {
        type: "string",
        pattern: "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z)?$",
        description: "The last day (UTC), or a moment. After it the violation comes back.",
      },
    },
  },
};

/** `warn` lets a resource pass with a note while its policy is not known yet, `reject` does not. */
export const UNKNOWN: Schema = {
  type: "string",
  enum: ["warn", "reject"],
  default: "warn",
  description: "What to do with a resource whose policy is not known yet during a preview.",
};

export const ARN_PATTERNS: Schema = {
  type: "array",
  items: { type: "string", minLength: 1 },
};
