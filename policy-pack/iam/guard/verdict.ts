import type { WitnessKeys } from "../encode/request";
import type { MfaContext } from "../mfa-context";

/** The actions that the stack's own guard allows without MFA: enough to enroll a device and to open a session. */
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
  /** Action patterns that may be allowed without MFA. */
  readonly allowedWithoutMfa: readonly string[];
}

/** The stack's own list, and the read-only call that AWS's newer example policy allows too. */
export const DEFAULT_GUARD_RULES: GuardRules = {
  allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:GetMFADevice"],
};

/** A request that no Deny stops. */
export interface GuardWitness extends WitnessKeys {
  /** As AWS or a policy spells it; a pattern of a `NotAction` if no action that it matches is known by name. */
  readonly action: string;
  readonly resource: string;
  readonly context: MfaContext;
  /** A user with the policies, or a session of `sts:GetFederationToken` that the user opens. */
  readonly caller: "user" | "federated-user";
  readonly exact: boolean;
}

/**
 * What a guard stops. `complete`: every request. `called-via` and `via-aws-service`: every request but those that a service
 * makes for a caller whose own first call the guard stops. Calls of AWS's managed MCP servers, which need no first call of
 * the caller, are stopped too.
 */
export type GuardForm = "complete" | "called-via" | "via-aws-service";

/** Why policies that are meant as a guard are not one. Without the gap they would be. */
export type GuardGap = ExceptionsGap | SessionsGap;

/** No Deny matches sessions of `sts:GetFederationToken`, which the user may open without MFA. */
export interface SessionsGap {
  readonly kind: "sessions";
  /** Whether they are a guard once `FEDERATED_USERS` is among the values of `aws:PrincipalArn` in its Denies. */
  readonly byArn: boolean;
}

/** Every session of `sts:GetFederationToken`, by ARN. */
export const FEDERATED_USERS = "arn:*:sts::*:federated-user/*";

/** Exceptions that allow too much. */
export interface ExceptionsGap {
  readonly kind: "exceptions";
  /** Entries of a `NotAction`, as they are written, that allow too much. */
  readonly tooMuch: readonly string[];
  /** Whether the policies would be a guard with these among the allowed actions, apart from `exemptsServices`. */
  readonly acceptable: boolean;
  /** Whether they exempt calls that a service makes for a caller, and so those of AWS's managed MCP servers. */
  readonly exemptsServices: boolean;
}

/**
 * Whether the Deny statements of policies together stop everything without MFA but the allowed actions: `guarded`, `open` with
 * a request that gets through, or `unknown` while a part of them is not known.
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
