import type { MfaContext } from "../mfa-context";
import type { Need } from "../trust-policy/verdict";

/** What the stack's own guard leaves open without MFA: enough to enroll a device and to open a session. */
export const SELF_SERVICE_ACTIONS: readonly string[] = [
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

export interface GuardRules {
  /** Action patterns that may be left open without MFA. */
  readonly allowedWithoutMfa: readonly string[];
}

/** The stack's own list, and the read-only call that AWS's newer example of such a policy has too. */
export const DEFAULT_GUARD_RULES: GuardRules = {
  allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:GetMFADevice"],
};

/** A request that no Deny stops. */
export interface GuardWitness {
  /** As AWS or a policy spells it; a pattern of a `NotAction` where no action of it is known by name. */
  readonly action: string;
  readonly resource: string;
  readonly context: MfaContext;
  /** Whoever carries the policies, or a session of `sts:GetFederationToken` that they open. */
  readonly caller: "user" | "federated-user";
  readonly request: ReadonlyMap<string, readonly string[] | undefined>;
  /** All that must hold of the request beside these, with keys as AWS or the document spells them. */
  readonly needs: readonly Need[];
  readonly exact: boolean;
}

/**
 * What a guard stops. `complete`: every request. `called-via` and `via-aws-service`: every request but those that a
 * service makes on for a caller whose own first call the guard stops; calls of AWS's managed MCP servers, which need no
 * first call of the caller's, are stopped too.
 */
export type GuardForm = "complete" | "called-via" | "via-aws-service";

/** Why a guard that is meant as one leaves something open. Without all of it it would be a guard. */
export type GuardGap = ExceptionsGap | SessionsGap;

/** It leaves out sessions of `sts:GetFederationToken`, which whoever carries it may open without MFA. */
export interface SessionsGap {
  readonly kind: "sessions";
  /** Whether it is a guard once `FEDERATED_USERS` is among the values of `aws:PrincipalArn` in its Denies. */
  readonly byArn: boolean;
}

/** Every session of `sts:GetFederationToken`, by ARN. */
export const FEDERATED_USERS = "arn:*:sts::*:federated-user/*";

/** It leaves out too much. */
export interface ExceptionsGap {
  readonly kind: "exceptions";
  /** Entries of its `NotAction`, as they are written, that are too much. */
  readonly tooMuch: readonly string[];
  /** Whether the policies would be a guard with these among the allowed actions, apart from `exemptsServices`. */
  readonly acceptable: boolean;
  /** Whether it exempts calls that a service makes on for a caller, and so those of AWS's managed MCP servers. */
  readonly exemptsServices: boolean;
}

/**
 * Whether the Deny statements of some policies together stop everything without MFA but the allowed actions.
 * `guarded`, `open` with the request that gets through, or `unknown` while a part of them is not known.
 */
export type GuardVerdict =
  | { readonly kind: "guarded"; readonly form: GuardForm }
  | { readonly kind: "unknown" }
  | {
      readonly kind: "open";
      readonly witness: GuardWitness;
      readonly gap?: GuardGap;
      readonly decided: boolean;
    };
