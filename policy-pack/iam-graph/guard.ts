import { anchoredPatterns, exactly } from "../iam/encode/policy-pattern";
import { decideGuard } from "../iam/guard/decide";
import type { GuardRules, GuardVerdict } from "../iam/guard/verdict";
import { type ClosedBy, isUnder, type Limit, neededOf } from "../iam/limits/limit";
import { memoize } from "../iam/memoize";
import type { Policy } from "../iam/policy/model";
import { type Text, Unknown } from "../iam/policy/unknown";
import type { Home } from "../iam/principal/arn";
import { Budget } from "../iam/solver/budget";
import { pattern, type StringSet, type Token } from "../iam/solver/pattern";
import { findString } from "../iam/solver/string-constraint";
import type { AttachedPolicies, Document } from "./attached-policies";
import type { Attachments } from "./attachments";
import { type Holder, homeOf, locationOf } from "./declared";
import type { Match } from "./reference";

/** What a guard may leave open, and the ARN patterns of the organization's own guard policies. */
export interface GuardConfig extends GuardRules {
  readonly guardPolicyArns: readonly string[];
}

type Refused = Extract<Document, { kind: "refused" }>;

/** Whether the policies of a group or a user require MFA of them. */
export interface Guarding {
  /** The worst of all outcomes. */
  readonly verdict: GuardVerdict;
  /** The resources that overwrite each other, if the verdict depends on their order. */
  readonly contested: readonly string[];
  /** The documents that AWS would refuse. */
  readonly refused: readonly Refused[];
  /** The SCPs or the permissions boundary that are the guard, if the holder's own policies are not. */
  readonly closedBy?: readonly ClosedBy[];
}

const WORST = ["open", "unknown", "guarded"] as const;

/**
 * Tells whether the policies of a group or a user guard it, whatever order the resources are written in, or else its permissions
 * boundary or the SCPs of its account.
 */
export function guardsBy(
  attachments: Attachments,
  limits: readonly Limit[],
  config: GuardConfig,
): (holder: Holder) => Guarding {
  const patterns = anchoredPatterns(config.guardPolicyArns);
  // Most users have policies without a Deny.
  const withoutDeny = decideGuard([], config);
  const verdictOn = (attached: AttachedPolicies, home: Home | undefined): GuardVerdict => {
    const named = attached.outside.map((arn) => isNamedIn(patterns, arn));
    if (named.includes("yes")) return GUARDED;
    const policies = [...policiesIn(attached), ...named.flatMap((is) => (is === "no" ? [] : MAY_BE_GUARD))];
    return policies.some(mayDeny) ? decideGuard(policies, config, home) : withoutDeny;
  };
  const decided = new Map<Holder, Guarding>();
  const scpsOf = new Map<string, readonly Limit[]>();
  const closedBy = (
    holder: Holder,
    home: Home | undefined,
  ): Pick<Guarding, "verdict" | "closedBy"> | undefined => {
    const { account } = locationOf(holder.resource);
    const scps =
      account === undefined ? [] : memoize(scpsOf, account, () => guardingScps(limits, account, config));
    if (scps.length > 0) return { verdict: GUARDED, closedBy: scps };
    const boundary = attachments.boundaryOf(holder);
    if (boundary === undefined) return undefined;
    const verdict = verdictOn(boundary, home);
    const named = boundary.names.map((name) => ({ kind: "permissions boundary", name }) as const);
    return verdict.kind === "open" ? undefined : { verdict, closedBy: named };
  };
  return (holder) =>
    memoize(decided, holder, () => {
      const home = homeOf(holder.resource);
      const { outcomes, contested } = attachments.of(holder);
      const verdicts = outcomes.map((each) => verdictOn(each, home));
      const worst = WORST.flatMap((kind) => verdicts.find((each) => each.kind === kind) ?? []);
      const [verdict = withoutDeny] = worst;
      const refused = outcomes.flatMap(({ documents }) =>
        documents.filter((each) => each.kind === "refused"),
      );
      const own = { verdict, contested: worst.length > 1 ? contested : [], refused: [...new Set(refused)] };
      const closed = verdict.kind === "guarded" ? undefined : closedBy(holder, home);
      return closed === undefined ? own : { ...own, contested: [], ...closed };
    });
}

const GUARDED: GuardVerdict = { kind: "guarded", form: "complete" };

/** The SCPs that are needed to guard the users of an account; none if all of them together do not. */
function guardingScps(limits: readonly Limit[], account: string, rules: GuardRules): readonly Limit[] {
  const scps = limits.filter((each) => each.kind === "SCP" && isUnder(each, account, account));
  const isGuard = (some: readonly Limit[]) =>
    decideGuard(
      some.map(({ policy }) => policy),
      rules,
    ).kind === "guarded";
  return isGuard(scps) ? neededOf(scps, isGuard) : [];
}

const MAY_BE_GUARD = [new Unknown("a policy that may be a guard")];

/** Whether the patterns cover an ARN, whose partition or account may not be known. */
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

/** The policies among what is attached, with an unknown one in place of each that is not known yet. */
export function policiesIn({ documents, hasUnresolved }: AttachedPolicies): (Policy | Unknown)[] {
  const policies = documents.flatMap((document): (Policy | Unknown)[] => {
    if (document.kind === "policy") return [document.policy];
    return document.kind === "unknown" ? [new Unknown(document.where)] : [];
  });
  return hasUnresolved ? [...policies, new Unknown("an attachment")] : policies;
}
