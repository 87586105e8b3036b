import type { Aws } from "./aws";

/** Properties from the engine, secrets unwrapped. */
export type Properties = Readonly<Record<string, unknown>>;

/** An input of a resource. */
export interface Input {
  readonly required?: true;
  /** The official provider's default. */
  readonly byDefault?: unknown;
  /** A changed value replaces the resource, as in the official provider. Other inputs change in place. */
  readonly replaces?: true;
  /** `document`: JSON text or an object, compared as JSON. `set`: a list without an order. */
  readonly form?: "document" | "set";
  /** If the program omits the input, its value in AWS is not compared. */
  readonly unmanagedWhenAbsent?: true;
}

/**
 * A resource type: its inputs, and its AWS calls. The outputs are what AWS returns after each change (`read`), and what it returns only
 * once (`create`).
 */
export interface Kind {
  /** Such as `IAM Role`, for error messages. */
  readonly title: string;
  readonly inputs: { readonly [name: string]: Input };
  /** The input that defaults to the resource's name with a random suffix. */
  readonly named?: string;
  /** The old and the new resource cannot exist at the same time, whatever their names. */
  readonly deleteBeforeReplace?: true;
  create(aws: Aws, inputs: Properties): Promise<{ id: string; once?: Properties }>;
  /** `undefined` if the resource does not exist in AWS. `known` is the state so far, which may be empty. */
  read(aws: Aws, id: string, known: Properties): Promise<Properties | undefined>;
  update?(aws: Aws, id: string, before: Properties, after: Properties): Promise<void>;
  delete(aws: Aws, id: string, state: Properties): Promise<void>;
}

/** A function of the provider (`aws.iam.getUser` and the like). */
export type Invoke = (aws: Aws, args: Properties) => Promise<Properties>;
