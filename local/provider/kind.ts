import type { Aws } from "./aws";

/** Properties as the engine hands them over, secrets unwrapped. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a resource takes for one input. */
export interface Input {
  readonly required?: true;
  /** What the resource gets when the program gives nothing, as the official provider fills it in. */
  readonly byDefault?: unknown;
  /** Another value makes another resource, as the official provider does it. Everything else changes in place. */
  readonly replaces?: true;
  /** `document`: JSON text or an object, compared by meaning. `set`: a list without an order. */
  readonly form?: "document" | "set";
  /** What the program leaves out is not managed, so whatever AWS has is no difference. */
  readonly unmanagedWhenAbsent?: true;
}

/**
 * One resource type: what it takes, and the AWS calls behind it. Outputs are always what AWS says afterwards (`read`);
 * what AWS says only once, at creation, comes from `create` and is kept.
 */
export interface Kind {
  /** Such as `IAM Role`, for error messages. */
  readonly title: string;
  readonly inputs: { readonly [name: string]: Input };
  /** The input that is given a random ending when the program leaves it out. */
  readonly named?: string;
  /** A new one takes the place of the old one in AWS, so the old one goes first whatever its name. */
  readonly deleteBeforeReplace?: true;
  create(aws: Aws, inputs: Properties): Promise<{ id: string; once?: Properties }>;
  /** `undefined` where AWS has no such resource (any more). `known` is the state so far: it may hold the id alone. */
  read(aws: Aws, id: string, known: Properties): Promise<Properties | undefined>;
  update?(aws: Aws, id: string, before: Properties, after: Properties): Promise<void>;
  delete(aws: Aws, id: string, state: Properties): Promise<void>;
}

/** A function of the provider (`aws.iam.getUser` and the like). */
export type Invoke = (aws: Aws, args: Properties) => Promise<Properties>;
