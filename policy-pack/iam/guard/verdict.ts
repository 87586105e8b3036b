import type { World } from "../world";

/** What is left to a member without MFA when the group is guarded: enough to enrol a device and to open a session. */
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

export const DEFAULT_GUARD_RULES: GuardRules = { allowedWithoutMfa: SELF_SERVICE_ACTIONS };

/** A request that no Deny stops. */
export interface GuardWitness {
  readonly action: string;
  readonly resource: string;
  readonly world: World;
  readonly request: ReadonlyMap<string, readonly string[] | undefined>;
  readonly exact: boolean;
}

/**
 * Whether the Deny statements of some policies together stop everything without MFA but the allowed actions.
 * `guarded`, `open` with the request that gets through, or `unknown` while a part of them is not known.
 */
export type GuardVerdict =
  | { readonly kind: "guarded"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string }
  | {
      readonly kind: "open";
      readonly reason: string;
      readonly witness: GuardWitness;
      readonly decided: boolean;
    };
