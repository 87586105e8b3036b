import type { Choice } from "../iam/policy/unknown";

/** A template as far as it says by itself what it declares. */
export type Template =
  | {
      readonly ok: true;
      readonly resources: readonly TemplateResource[];
      /** Parts that only AWS can fill in, such as a macro's output. Empty when the template says everything. */
      readonly unknown: readonly UnknownPart[];
    }
  | { readonly ok: false; readonly error: TemplateError };

/** One entry of `Resources`. */
export interface TemplateResource {
  readonly logicalId: string;
  /** For example `AWS::IAM::Role`. */
  readonly type: string;
  /**
   * Plain values, with an `Unknown` for every function that only a deployment resolves and a `Choice` for what a condition
   * decides. A `Ref` or `Fn::GetAtt` of a
   * resource in the same template has its logical id in `refersTo`.
   */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The logical ids of this template that each property refers to, however deep; sorted. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** When the resource exists at all, where that is not known; its properties are those that it has then. */
  readonly condition?: Choice;
  /** False when a macro adds properties that are not known here. */
  readonly complete: boolean;
}

export interface UnknownPart {
  /** For example `Fn::Transform`. */
  readonly what: string;
  /** For example `Resources.Admins.Properties`. */
  readonly where: string;
}

/** Why a template cannot be read. Holds no value out of it. */
export interface TemplateError {
  readonly found: string;
  readonly allowed: string;
  /** A path such as `Resources.Admins.Type`, or a line of the text. Empty for the template as a whole. */
  readonly where: string;
}

/** What a reader hands on: a value, or the first reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TemplateError };

/** A text's value, and where a key stands for the second time, if one does: CloudFormation takes the last, IAM refuses both. */
export type TextResult =
  | { readonly ok: true; readonly value: unknown; readonly twice?: string }
  | { readonly ok: false; readonly error: TemplateError };

export function read<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refused(where: string, found: string, allowed: string): { ok: false; error: TemplateError } {
  return { ok: false, error: { found, allowed, where: shortened(where) } };
}

/** A place that a person can read: a path can be as deep, and a key as long, as the template. */
export function shortened(where: string): string {
  return where.length > 200 ? `${where.slice(0, 200)}…` : where;
}

/**
 * Bounds on what is read. AWS takes a template of 1 MB and 500 resources; the others leave ample room for those and keep
 * a hostile text from taking the process down.
 * Source: CloudFormation user guide, "Understand CloudFormation quotas".
 */
export const BOUNDS = { bytes: 1024 * 1024, levels: 100, values: 200_000, yamlTokens: 300_000 } as const;

export const TOO_DEEP = {
  found: "values nested too deep",
  allowed: `at most ${BOUNDS.levels} levels`,
} as const;
export const TOO_LONG = { found: "too much text", allowed: `at most ${BOUNDS.bytes} bytes` } as const;
export const TOO_MANY = { found: "too many values", allowed: `at most ${BOUNDS.values}` } as const;
