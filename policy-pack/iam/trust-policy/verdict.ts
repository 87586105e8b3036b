import type { WitnessKeys } from "../encode/request";
import type { MfaContext } from "../mfa-context";
import type { StatementReference } from "../policy/model";
import type { AssumeRoleAction, CallerKind } from "../principal/caller";
import type { PrincipalClass } from "../principal/entry";

/** Which classes of principals must prove MFA, and which principals are exempt. */
export interface TrustRules {
  /** Anyone (`"*"`) is always enforced. */
  readonly principals: Readonly<Record<Exclude<PrincipalClass, "anyone">, "enforce" | "exempt">>;
  /** Anchored patterns of ARNs, with `*` and `?`. */
  readonly trustedPrincipalArns: readonly string[];
  /** In seconds. An older MFA does not count. */
  readonly maxMfaAgeSeconds?: number;
}

/** AWS never sees an MFA of services and federated principals; all others must prove it. */
export const DEFAULT_TRUST_RULES: TrustRules = {
  principals: {
    service: "exempt",
    federated: "exempt",
    role: "enforce",
    user: "enforce",
    account: "enforce",
  },
  trustedPrincipalArns: [],
};

/** A way in: a request that a statement lets in and no Deny stops. */
export interface TrustWitness extends StatementReference, WitnessKeys {
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  readonly caller: CallerKind;
  readonly action: AssumeRoleAction;
  readonly context: MfaContext;
  /** How unknown choices must fall, by their ids. */
  readonly when: ReadonlyMap<string, boolean>;
  /** False if it depends on something else, such as a policy variable or a case that AWS does not document. */
  readonly exact: boolean;
}

/**
 * Whether a role can be assumed without MFA.
 * `protected`: nobody gets in. `exempt`: only principals of exempt classes, or trusted ones. `anyone-with-mfa`: nobody
 * else without MFA, but anyone in the world with the MFA of an account of their own. `bypassable`: an enforced principal gets in.
 * `unknown`: it depends on an unknown part of the document.
 */
export type TrustVerdict =
  | { readonly kind: "protected" }
  | { readonly kind: "exempt"; readonly witnesses: readonly TrustWitness[] }
  | {
      readonly kind: "anyone-with-mfa";
      /** The ways in with MFA, one for each statement; never empty. */
      readonly witnesses: readonly [TrustWitness, ...TrustWitness[]];
      /** The ways in without MFA that the rules exempt. */
      readonly exempt: readonly TrustWitness[];
    }
  | {
      readonly kind: "unknown";
      /** Unknown principals that may turn out to be exempt; none if nothing could exempt them. */
      readonly principals: readonly string[];
      /** The parts of the rules that could exempt them, e.g. `trustedPrincipalArns`. */
      readonly exemptBy: readonly string[];
    }
  | {
      readonly kind: "bypassable";
      /** One for each statement and principal; never empty. */
      readonly witnesses: readonly [TrustWitness, ...TrustWitness[]];
      /** False if the document is too complex to be decided in bounded work, so that it counts as unsafe. */
      readonly decided: boolean;
    };
