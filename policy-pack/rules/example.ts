/** A resource of an example, as a program would declare it. */
export interface ExampleResource {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly secretOutputs?: readonly string[];
  /** Property → names of the resources that an unknown value in it depends on. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

/** A resource of `aws.iam`, such as a `GroupPolicy`. */
export function iam(
  type: string,
  name: string,
  props: ExampleResource["props"],
  dependencies?: ExampleResource["dependencies"],
): ExampleResource {
  const token = `aws:iam/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
  return { type: token, name, props, ...(dependencies && { dependencies }) };
}

/** A small stack that a rule accepts or rejects. Its page shows it, and the tests run it through the pack. */
export interface Example {
  readonly title: string;
  readonly resources: readonly ExampleResource[];
  /** The rule's configuration; the default if absent. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Parts of the notes that `iam-mfa-notes` reports. */
  readonly notes?: readonly string[];
}

/** An example that is rejected, with parts of the message. */
export interface BadExample extends Example {
  readonly says: readonly string[];
  /** The number of findings; 1 by default. */
  readonly findings?: number;
}

export interface Examples {
  readonly good: readonly Example[];
  readonly bad: readonly BadExample[];
}

/** How the engine represents a text that a preview does not know. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A policy document as the provider `aws` accepts it: JSON text. */
export function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const ACCOUNT = { AWS: "arn:aws:iam::111122223333:root" };
export const WITH_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
export const WITHOUT_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
