import type { WayIn } from "../principal/caller";
import type { PrincipalClass } from "../principal/entry";
import type { World } from "../world";

/** Which classes of principals must prove MFA, and who else may come without it. */
export interface TrustRules {
  /** Anyone (`"*"`) is always enforced. */
  readonly principals: Readonly<Record<Exclude<PrincipalClass, "anyone">, "enforce" | "exempt">>;
  /** Anchored patterns of ARNs, with `*` and `?`. */
  readonly trustedPrincipalArns: readonly string[];
  /** Seconds. An MFA that is older counts as none. */
  readonly maxMfaAgeSeconds?: number;
}

/** Services and federated principals cannot show an MFA that AWS sees; all others must. */
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

/** One way in without MFA: who, through which statement, in which world, with what else. */
export interface TrustWitness {
  /** Place in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  readonly action: WayIn;
  readonly world: World;
  /** Condition keys of the request and their values; `undefined` for a key that must be absent. */
  readonly request: ReadonlyMap<string, readonly string[] | undefined>;
  /** False when something that only the request decides (a policy variable, an undocumented case) stands behind it. */
  readonly exact: boolean;
}

/**
 * Whether a role can be assumed without MFA.
 * `protected`: nobody gets in. `exempt`: only principals of exempt classes, or trusted ones. `bypassable`: an enforced
 * principal gets in. `unknown`: it depends on a part of the document that is not known yet.
 */
export type TrustVerdict =
  | { readonly kind: "protected"; readonly reason: string }
  | { readonly kind: "exempt"; readonly reason: string; readonly witnesses: readonly TrustWitness[] }
  | { readonly kind: "unknown"; readonly reason: string }
  | {
      readonly kind: "bypassable";
      readonly reason: string;
      /** One for each statement and principal that lets somebody in; never empty. */
      readonly witnesses: readonly [TrustWitness, ...TrustWitness[]];
      /** False when the document is too complex to be decided in bounded work, so that it counts as unsafe. */
      readonly decided: boolean;
    };
