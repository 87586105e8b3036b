import type { MfaContext } from "../mfa-context";
import type { AssumeRoleAction, CallerKind } from "../principal/caller";
import type { PrincipalClass } from "../principal/entry";

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

/** One way in without MFA: who, through which statement, in which context, with what else. */
export interface TrustWitness {
  /** Place in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
  /** As the document names it; `NotPrincipal` for everyone but those named. */
  readonly principal: string;
  readonly class: PrincipalClass | "unknown";
  /** What kind of identity comes in. */
  readonly caller: CallerKind;
  readonly action: AssumeRoleAction;
  readonly context: MfaContext;
  /** Condition keys of the request, in lower case, and their values; `undefined` for a key that must be absent. */
  readonly request: ReadonlyMap<string, readonly string[] | undefined>;
  /** All that must hold of the request beside who calls and the MFA context, with keys as AWS or the document spells them. */
  readonly needs: readonly Need[];
  /** How choices that are not known yet must fall, by their ids. */
  readonly when: ReadonlyMap<string, boolean>;
  /** False when something that only the request decides (a policy variable, an undocumented case) stands behind it. */
  readonly exact: boolean;
}

/** What a request must carry: a condition key with these values, or without it. */
export interface Need {
  readonly key: string;
  readonly values: readonly string[] | undefined;
}

/**
 * Whether a role can be assumed without MFA.
 * `protected`: nobody gets in. `exempt`: only principals of exempt classes, or trusted ones. `anyone-with-mfa`: nobody
 * gets in without MFA whom the rules do not exempt, but anyone in the world does with the MFA of an account of their
 * own. `bypassable`: an enforced principal gets in. `unknown`: it depends on a part of the document that is not known yet.
 */
export type TrustVerdict =
  | { readonly kind: "protected" }
  | { readonly kind: "exempt"; readonly witnesses: readonly TrustWitness[] }
  | {
      readonly kind: "anyone-with-mfa";
      /** The ways in with MFA, one for each statement; never empty. */
      readonly witnesses: readonly [TrustWitness, ...TrustWitness[]];
      /** Whom the rules let in without MFA, as in `exempt`. */
      readonly exempt: readonly TrustWitness[];
    }
  | {
      readonly kind: "unknown";
      /** Principals that are not known yet, and may turn out to be exempt; none where nothing could exempt them. */
      readonly principals: readonly string[];
      /** The parts of the rules that could exempt who is not known yet, e.g. `trustedPrincipalArns`. */
      readonly exemptBy: readonly string[];
    }
  | {
      readonly kind: "bypassable";
      /** One for each statement and principal that lets somebody in; never empty. */
      readonly witnesses: readonly [TrustWitness, ...TrustWitness[]];
      /** False when the document is too complex to be decided in bounded work, so that it counts as unsafe. */
      readonly decided: boolean;
    };
