/** A resource of an example, as a program would declare it. */
export interface ExampleResource {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly secretOutputs?: readonly string[];
}

/** A small stack that a rule accepts or rejects. Its page shows it, and the tests run it through the pack. */
export interface Example {
  readonly title: string;
  readonly resources: readonly ExampleResource[];
  /** The rule's configuration, where it is not the default. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** An example that is rejected, with what the message has to say. */
export interface BadExample extends Example {
  readonly says: readonly string[];
}

export interface Examples {
  readonly good: readonly Example[];
  readonly bad: readonly BadExample[];
}

/** A policy document as `aws` takes it: JSON text. */
export function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const ACCOUNT = { AWS: "arn:aws:iam::111122223333:root" };
export const WITH_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
export const WITHOUT_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
