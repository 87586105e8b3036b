import type { CallerKind } from "../principal/caller";

/** The MFA of a request by the record. `none`: without MFA, in one of its contexts; `unknown`: nothing reliable. */
export type RecordedMfa =
  | { readonly kind: "absent" }
  | { readonly kind: "false" }
  | { readonly kind: "none" }
  | { readonly kind: "true"; readonly ageSeconds?: number }
  | { readonly kind: "unknown" };

/** The caller of a request, as far as it is recorded. */
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

/** A request that was made. What is not recorded may be anything. */
export interface RecordedRequest {
  /** Patterns (`*`, `?`) of actions, one of which matches. */
  readonly actions: readonly string[];
  readonly caller: RecordedCaller;
  readonly mfa: RecordedMfa;
  /** Condition keys in lower case; `undefined` for one that was absent. */
  readonly keys: ReadonlyMap<string, readonly string[] | undefined>;
}

/** What policies do with a request. `undecided`: something that is not recorded decides. */
export type RecordedOutcome = "stopped" | "passes" | "undecided";
