import { Choice, Unknown } from "../iam/policy/unknown";

export type Values = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown || value instanceof Choice)
  );
}

/** What a template declares, as far as that can be read without deploying it. */
export type Template =
  | {
      readonly ok: true;
      readonly resources: readonly TemplateResource[];
      /** Parts that only AWS can expand, such as a macro's output. */
      readonly unknown: readonly UnknownPart[];
    }
  | { readonly ok: false; readonly error: TemplateError };

/** One entry of `Resources`. */
export interface TemplateResource {
  readonly logicalId: string;
  /** For example `AWS::IAM::Role`. */
  readonly type: string;
  /**
   * Plain values, with an `Unknown` for every function that only a deployment resolves and a `Choice` for every value that a
   * condition decides. A `Ref` or `Fn::GetAtt` of a resource in the same template has its logical id in `refersTo`.
   */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The logical ids of this template that each property refers to, however deep; sorted. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** When the resource exists, if that is not known; its properties are those that it has then. */
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

/** Why a template cannot be read. Contains no value from it. */
export interface TemplateError {
  readonly found: string;
  readonly allowed: string;
  /** A path such as `Resources.Admins.Type`, or a line of the text. Empty for the template as a whole. */
  readonly where: string;
}

/** A value, or the first reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TemplateError };

/** A text's value. `twice`: where a key is repeated; CloudFormation takes the last one, IAM rejects both. */
export type TextResult =
  | { readonly ok: true; readonly value: unknown; readonly twice?: string }
  | { readonly ok: false; readonly error: TemplateError };

export function refused(where: string, found: string, allowed: string): { ok: false; error: TemplateError } {
  return { ok: false, error: { found, allowed, where: shortened(where) } };
}

/** A path for a message, cut if it is too long to read. */
export function shortened(where: string): string {
  return where.length > 200 ? `${where.slice(0, 200)}…` : where;
}

/**
 * Bounds on what is read. AWS accepts a template of 1 MB and 500 resources; the other bounds leave ample room for those and
 * keep a hostile text from exhausting the process.
 * Source: CloudFormation user guide, "Understand CloudFormation quotas".
 */
export const BOUNDS = { bytes: 1024 * 1024, levels: 100, values: 200_000, yamlTokens: 300_000 } as const;

/** What was found and what is allowed, for `refused`. */
export const TOO_DEEP = ["values nested too deep", `at most ${BOUNDS.levels} levels`] as const;
export const TOO_LONG = ["too much text", `at most ${BOUNDS.bytes} bytes`] as const;
export const TOO_MANY = ["too many values", `at most ${BOUNDS.values}`] as const;
