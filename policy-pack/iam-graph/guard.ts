import { anchoredPatterns } from "../iam/encode/pattern-list";
import { exactly } from "../iam/encode/policy-pattern";
import { decideGuard } from "../iam/guard/decide";
import type { GuardRules, GuardVerdict } from "../iam/guard/verdict";
import { type ClosedBy, isUnder, type Limit, neededOf } from "../iam/limits/limit";
import type { Policy } from "../iam/policy/model";
import { type Text, Unknown } from "../iam/policy/unknown";
import type { Home } from "../iam/principal/caller";
import { Budget } from "../iam/solver/budget";
import { pattern, type Token } from "../iam/solver/pattern";
import { findString, type StringSet } from "../iam/solver/string-constraint";
import type { AttachedPolicies, PossiblePolicies } from "./carried";
import type { Document } from "./document";
import type { Match } from "./reference";

/** What a guard may leave open, and the ARN patterns of the organization's own guard policies. */
export interface GuardConfig extends GuardRules {
  readonly guardPolicyArns: readonly string[];
}

type Refused = Extract<Document, { kind: "refused" }>;

/** Whether what a group or a user carries requires MFA of them. */
export interface Guarding {
  /** The worst of all outcomes. */
  readonly verdict: GuardVerdict;
  /** The resources whose unknown order decides, where another order would have another verdict. */
  readonly contested: readonly string[];
  /** The documents that AWS would refuse. */
  readonly refused: readonly Refused[];
  /** The SCPs or the permissions boundary that are the guard, where what is carried is none. */
  readonly closedBy?: readonly ClosedBy[];
}

const WORST = ["open", "unknown", "guarded"] as const;

/** Tells whether what a group or a user carries guards it, whatever order the resources are written in. */
export function guardsBy({
  guardPolicyArns,
  ...rules
}: GuardConfig): (possible: PossiblePolicies, home: Home | undefined) => Guarding {
  const guards = anchoredPatterns(guardPolicyArns);
  // What most users carry is Allows alone.
  const withoutDeny = decideGuard([], rules);
  const verdictOn = (carried: AttachedPolicies, home: Home | undefined): GuardVerdict => {
    const named = carried.outside.map((arn) => isNamedIn(guards, arn));
    if (named.includes("yes")) return { kind: "guarded", form: "complete" };
    const policies = [...policiesIn(carried), ...named.flatMap((is) => (is === "no" ? [] : MAY_BE_GUARD))];
    return policies.some(mayDeny) ? decideGuard(policies, rules, home) : withoutDeny;
  };
  return ({ outcomes, contested }, home) => {
    const verdicts = outcomes.map((each) => verdictOn(each, home));
    const worst = WORST.flatMap((kind) => verdicts.find((each) => each.kind === kind) ?? []);
    const [verdict = withoutDeny] = worst;
    const refused = outcomes.flatMap(({ documents }) => documents.filter((each) => each.kind === "refused"));
    return { verdict, contested: worst.length > 1 ? contested : [], refused: [...new Set(refused)] };
  };
}

/** The SCPs that guard the users of an account; none where all together do not. */
export function guardingScps(
  limits: readonly Limit[],
  account: string,
  { guardPolicyArns: _, ...rules }: GuardConfig,
): readonly Limit[] {
  const scps = limits.filter((each) => each.kind === "SCP" && isUnder(each, account, account));
  const isGuard = (some: readonly Limit[]) =>
    decideGuard(
      some.map(({ policy }) => policy),
      rules,
    ).kind === "guarded";
  return isGuard(scps) ? neededOf(scps, isGuard) : [];
}

const MAY_BE_GUARD = [new Unknown("a policy that may be a guard")];

/** Whether patterns hold an ARN, whose partition or account may not be known. */
function isNamedIn(patterns: StringSet, arn: Text): Match {
  const { tokens = [] } = exactly(arn, { variables: false, ignoreCase: false }) ?? {};
  const within = tokens.map(
    (token): Token => (token.kind === "unknown" ? { ...token, within: "segment" } : token),
  );
  const arns = [pattern(within, false)];
  const budget = new Budget();
  if (findString([arns], [patterns], [], budget).kind === "none") return "yes";
  return findString([arns, patterns], [], [], budget).kind === "none" ? "no" : "perhaps";
}

function mayDeny(policy: Policy | Unknown): boolean {
  if (policy instanceof Unknown || !policy.complete) return true;
  return policy.statements.some(({ effect }) => effect === "Deny");
}

/** The policies in what somebody carries, with an unknown one in place of each that is not known yet. */
export function policiesIn({ documents, hasUnresolved }: AttachedPolicies): (Policy | Unknown)[] {
  const policies = documents.flatMap((document): (Policy | Unknown)[] => {
    if (document.kind === "policy") return [document.policy];
    return document.kind === "unknown" ? [new Unknown(document.where)] : [];
  });
  return hasUnresolved ? [...policies, new Unknown("an attachment")] : policies;
}
