import { actionPattern, actionSet } from "../action";
import { CALLER_ACCOUNT, CALLER_ARN } from "../condition/compile";
import { arnPattern, glob } from "../condition/template";
import type { Policy, Statement } from "../document/model";
import { Opaque } from "../opaque";
import { anchoredPatterns } from "../pattern-list";
import { ANY_USER } from "../principal/caller";
import { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/fact";
import { isEverything, literal, type Pattern } from "../solver/pattern";
import { solve } from "../solver/solve";
import { findValue } from "../solver/value";
import { conditionFacts, fails, isIn, isNotIn, keyDomain, type Outlook } from "../statement";
import { type World, worldsWithoutMfa } from "../world";
import { DEFAULT_GUARD_RULES, type GuardRules, type GuardVerdict, type GuardWitness } from "./verdict";

/**
 * Whether policies guard whoever carries them: whether every request without MFA, for every action but the allowed
 * ones and on every resource, meets a Deny that fires. What the policies allow does not matter, since an explicit
 * Deny wins. A policy that is not known yet is an `Opaque`; a guard that is proven stays proven beside it.
 * Source: IAM user guide, "Policy evaluation logic": an explicit deny overrides every allow.
 */
export function decideGuard(
  policies: readonly (Policy | Opaque)[],
  rules: GuardRules = DEFAULT_GUARD_RULES,
): GuardVerdict {
  const budget = new Budget();
  const known = policies.filter((policy): policy is Policy => !(policy instanceof Opaque));
  const worst = findUnguarded(known, rules, budget, "worst");
  if (worst === undefined) return { kind: "guarded", reason: "nothing else is allowed without MFA" };
  const hasUnknown = known.length < policies.length || known.some(({ complete }) => !complete);
  const witness = hasUnknown ? undefined : findUnguarded(known, rules, budget, "best");
  if (witness === undefined)
    return { kind: "unknown", reason: "it depends on a policy that is not known yet" };
  const decided = !budget.spent;
  const reason = decided
    ? "a request without MFA is not denied"
    : "the policies are too complex to be proven a guard in bounded work, so they count as none";
  return { kind: "open", reason, witness, decided };
}

const ACTION = "action";
const RESOURCE = "resource";

function findUnguarded(
  policies: readonly Policy[],
  rules: GuardRules,
  budget: Budget,
  outlook: Outlook,
): GuardWitness | undefined {
  const allowed = rules.allowedWithoutMfa.map(actionPattern);
  for (const world of worldsWithoutMfa()) {
    const clauses: Clause[] = allowed.length > 0 ? [[isNotIn(ACTION, allowed)]] : [];
    let closed = false;
    for (const policy of policies) {
      for (const deny of policy.statements) {
        if (deny.effect !== "Deny") continue;
        const clause = evasion(deny, policy, world, outlook);
        if (clause === undefined) continue;
        if (clause.length === 0) closed = true;
        clauses.push(clause);
      }
    }
    if (closed) continue;
    const domain = (variable: string) => domainOf(variable, world);
    const solution = solve({ clauses, domain, budget });
    if (solution.kind === "none") continue;
    const text = (variable: string, otherwise: string) => {
      const chosen = solution.model.get(variable)?.[0];
      if (chosen !== undefined) return chosen;
      const answer = findValue(domain(variable), [], budget);
      return answer.kind === "found" ? (answer.value.texts?.[0] ?? otherwise) : otherwise;
    };
    const request = new Map([...solution.model].filter(([key]) => key !== ACTION && key !== RESOURCE));
    return {
      action: text(ACTION, "*"),
      resource: text(RESOURCE, "*"),
      world,
      request,
      exact: solution.exact,
    };
  }
  return undefined;
}

/** What a request has to be for the Deny not to fire: any of these. `undefined`: it never fires. */
export function evasion(deny: Statement, policy: Policy, world: World, outlook: Outlook): Clause | undefined {
  const facts = conditionFacts(deny, policy, { world, callerHasArn: true }, outlook);
  if (facts === "never") return undefined;
  const action = actionEscape(deny, outlook);
  const resource = resourceEscape(deny, policy, outlook);
  if (action === undefined || resource === undefined) return undefined;
  return [...action, ...resource, ...fails(facts)];
}

function actionEscape({ actions }: Statement, outlook: Outlook): Literal[] | undefined {
  const { known, hasUnknown } = actionSet(actions);
  const undecided = hasUnknown ? outlook : undefined;
  if (actions.negated) {
    // An exception that is not known yet may be any action.
    if (undecided === "worst") return undefined;
    return known.length === 0 ? [] : [isIn(ACTION, known)];
  }
  if (undecided === "best" || known.some(isEverything)) return [];
  return known.length === 0 ? undefined : [isNotIn(ACTION, known)];
}

function resourceEscape({ resources }: Statement, policy: Policy, outlook: Outlook): Literal[] | undefined {
  if (resources === undefined) return [];
  const reading = { variables: policy.version === "2012-10-17", ignoreCase: false };
  const patterns: Pattern[] = [];
  let isUnknown = false;
  let variesWithCaller = false;
  for (const entry of resources.entries) {
    if (entry instanceof Opaque) isUnknown = true;
    else {
      const read = resourcePattern(entry, reading, resources.negated);
      if (read === undefined) variesWithCaller = true;
      else patterns.push(read);
    }
  }
  if (resources.negated) {
    if (patterns.some(isEverything) || variesWithCaller) return undefined;
    if (isUnknown && outlook === "worst") return undefined;
    return patterns.length === 0 ? [] : [isIn(RESOURCE, patterns)];
  }
  if (patterns.some(isEverything) || (isUnknown && outlook === "best")) return [];
  return patterns.length === 0 ? undefined : [isNotIn(RESOURCE, patterns)];
}

/**
 * A resource pattern, read to the safe side: what a Deny names is taken narrowly (a wildcard stays within its part of
 * the ARN), what it leaves out (`NotResource`) widely.
 */
function resourcePattern(
  written: string,
  reading: { variables: boolean; ignoreCase: boolean },
  widely: boolean,
): Pattern | undefined {
  const wide = glob(written, reading);
  return wide === undefined || widely || isEverything(wide) ? wide : arnPattern(written, reading);
}

const ANY_ACTION: Test = { kind: "text", set: [actionPattern("?*:?*")] };
/** A call is on a resource that has an ARN, or on none in particular. */
const ANY_RESOURCE: Test = { kind: "text", set: [literal("*"), ...anchoredPatterns(["arn:*:*:*:*:*"])] };
const A_USER: Test = { kind: "text", set: [ANY_USER] };

/** What values the action, the resource and the condition keys of a request can have. */
export function domainOf(variable: string, world: World): Domain {
  switch (variable) {
    case ACTION:
      return { presence: "always", within: [ANY_ACTION], prefer: EXAMPLE_ACTIONS };
    case RESOURCE:
      return { presence: "always", within: [ANY_RESOURCE], prefer: ["*", "arn:aws:s3:::example-bucket"] };
    case CALLER_ARN:
      return { presence: "always", within: [A_USER], prefer: ["arn:aws:iam::111122223333:user/alice"] };
    case CALLER_ACCOUNT:
      return { presence: "always", within: [], prefer: [] };
    default:
      return keyDomain(variable, world);
  }
}

const EXAMPLE_ACTIONS = [
  "s3:ListAllMyBuckets",
  "s3:GetObject",
  "s3:ListBucket",
  "iam:CreateAccessKey",
  "ec2:RunInstances",
  "iam:ListUsers",
];
