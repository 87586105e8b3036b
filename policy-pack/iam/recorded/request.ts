import type { CallerKind } from "../principal/caller";

/** What a record says of the MFA of a request. `none`: that there was none, `unknown`: nothing that can be relied on. */
export type RecordedMfa =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "none" }
  | { readonly kind: "true"; readonly ageSeconds?: number }
  | { readonly kind: "unknown" };

/** Who made a request, as far as the record tells. */
export interface RecordedCaller {
  readonly kind: CallerKind;
  /** A pattern (`*`, `?`) of `aws:PrincipalArn`, which for a role's session is the role's ARN. */
  readonly arn?: string;
  /** The ARN of the session. */
  readonly session?: string;
  /** The unique id of the user or role, `AIDA…` or `AROA…`. */
  readonly id?: string;
  /** The service, or the identity provider. */
  readonly name?: string;
}

/** A request that was made. What the record does not tell of it may be anything. */
export interface RecordedRequest {
  /** Patterns (`*`, `?`) of actions; it is one of these. */
  readonly actions: readonly string[];
  readonly caller: RecordedCaller;
  readonly mfa: RecordedMfa;
  /** Condition keys in lower case; `undefined` for one that was absent. */
  readonly keys: ReadonlyMap<string, readonly string[] | undefined>;
}

/** What policies do with a request. `undecided`: what the record does not tell decides. */
export type RecordedOutcome = "stopped" | "passes" | "undecided";
