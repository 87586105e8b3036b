import type { GuardRules, TrustRules } from "../../policy-pack/iam";

/** A policy document as people write it, and what is true of it. */
interface Entry {
  /** Stable, for files and tables: `trust-…` or `group-…`. */
  readonly id: string;
  readonly title: string;
  /** The page of AWS's IAM user guide that shows the form, rebuilt here; or a form that is known to be got wrong. */
  readonly from: "AWS" | "unsafe form" | "odd but right";
  /** One line: what decides it. */
  readonly why: string;
  readonly document: { readonly Version?: string; readonly Statement: object | readonly object[] };
}

/** A role's trust policy. The verdict is the one with the default rules, unless `rules` says otherwise. */
export interface TrustEntry extends Entry {
  readonly verdict: "protected" | "exempt" | "bypassable";
  readonly rules?: TrustRules;
}

/** The one policy that a group carries. */
export interface GroupEntry extends Entry {
  readonly verdict: "guarded" | "open";
  readonly rules?: GuardRules;
}

/** One of a list whose entries have the same verdict. */
export type Form<E extends Entry> = Omit<E, "from" | "verdict">;

/** Whether a request without MFA gets in that should not: what any tool can be asked. */
export function isSafe({ verdict }: TrustEntry | GroupEntry): boolean {
  return verdict !== "bypassable" && verdict !== "open";
}

export const ACCOUNT = { AWS: "arn:aws:iam::111122223333:root" };
export const OTHER_ACCOUNT = { AWS: "arn:aws:iam::444455556666:root" };
export const IF_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
export const IF_NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };

export function policy(...statements: readonly object[]) {
  return { Version: "2012-10-17", Statement: statements };
}
