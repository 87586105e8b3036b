import { actionPattern } from "../encode/action";
import { CALLER_ARN } from "../encode/variable";
import type { Policy, Statement } from "../policy/model";
import type { Text } from "../policy/unknown";
import { Budget } from "../solver/budget";
import { subsumes } from "../solver/match";
import { isGuard, isSelfService } from "./form";
import { findUnguardedSession } from "./session";
import { findUnguarded, type GuardQuery } from "./unguarded";
import {
  type ExceptionsGap,
  FEDERATED_USERS,
  type GuardGap,
  type GuardRules,
  type GuardWitness,
} from "./verdict";

/** The most patterns that are read to find the entries that allow too much. */
const MOST_PATTERNS = 1500;

/** Enough for more than a hundred entries, or three Denies with a few exceptions each (12,900 measured). A gap decides nothing. */
const GAP_BUDGET = 14_000;

/**
 * What keeps policies from being a guard, where that is known. It has a budget of its own. `extra`: the entries of a
 * `NotAction` that match more than the allowed actions.
 */
export function gapOf(
  asked: Omit<GuardQuery, "budget">,
  { caller }: GuardWitness,
  extra: readonly string[],
): GuardGap | undefined {
  const question = { ...asked, budget: new Budget(GAP_BUDGET) };
  if (caller === "user") return exceptionsGap(question, extra);
  return { kind: "sessions", byArn: isGuard({ ...question, policies: withSessions(asked.policies) }) };
}

/** Entries of a `NotAction`, the exemption of services, or both. */
function exceptionsGap(question: GuardQuery, extra: readonly string[]): ExceptionsGap | undefined {
  const { policies, rules, budget } = question;
  const removing = (entries: readonly string[]) => ({ ...question, policies: without(entries, policies) });
  const exemptsServices = !isGuard(removing(extra));
  const isNearlyGuard = (changed: GuardQuery) => {
    if (!exemptsServices) return isGuard(changed);
    const own: GuardQuery = { ...changed, calls: ["own"] };
    return isSelfService(changed.rules) && !findUnguarded(own) && !findUnguardedSession(own);
  };
  if (exemptsServices && !isNearlyGuard(removing(extra))) return undefined;
  let tooMuch = extra;
  // An entry that another Deny covers does not allow too much. Removing it changes nothing, so that not all need be tried.
  const isAlone = policies.flatMap(({ statements }) => statements.filter(isDeny)).length === 1;
  for (const entry of isAlone ? [] : extra.slice(0, MOST_PATTERNS / extra.length)) {
    const fewer = tooMuch.filter((each) => each !== entry);
    if (isNearlyGuard(removing(fewer))) tooMuch = fewer;
  }
  const allowedWithoutMfa = [...rules.allowedWithoutMfa, ...tooMuch];
  const acceptable = isNearlyGuard({ ...question, rules: { allowedWithoutMfa } });
  return budget.spent ? undefined : { kind: "exceptions", tooMuch, acceptable, exemptsServices };
}

/** The policies with sessions of `sts:GetFederationToken` among the ARNs of each Deny. */
function withSessions(policies: readonly Policy[]): readonly Policy[] {
  return policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      conditions: statement.conditions.map((condition) =>
        statement.effect === "Deny" && condition.key === CALLER_ARN && !condition.operator.negated
          ? { ...condition, values: [...condition.values, FEDERATED_USERS] }
          : condition,
      ),
    })),
  }));
}

function isDeny({ effect }: Statement): boolean {
  return effect === "Deny";
}

/** The entries of a Deny's `NotAction` that match more than the allowed actions. */
export function extraExceptions(policies: readonly Policy[], rules: GuardRules): readonly string[] {
  const allowed = rules.allowedWithoutMfa.map(actionPattern);
  const entries = policies
    .flatMap(({ statements }) => statements)
    .flatMap(({ effect, actions }) => (effect === "Deny" && actions.negated ? actions.entries : []))
    .filter((entry) => typeof entry === "string")
    .filter((entry) => !allowed.some((each) => subsumes(each, actionPattern(entry))));
  return [...new Set(entries)];
}

/** The policies without these entries in a `NotAction`. */
function without(tooMuch: readonly Text[], policies: readonly Policy[]): readonly Policy[] {
  return policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => {
      const { actions } = statement;
      if (!actions.negated) return statement;
      const entries = actions.entries.filter((entry) => !tooMuch.includes(entry));
      return { ...statement, actions: { negated: true, entries } };
    }),
  }));
}
