import { actionPattern, actionSet } from "../action";
import { CALLER_ARN } from "../condition/compile";
import { spellKey } from "../condition/key";
import { arnPattern, glob } from "../condition/template";
import { outcomes } from "../document/choice";
import type { Condition, Policy, Statement } from "../document/model";
import { Opaque, type Text, written } from "../opaque";
import { anchoredPatterns } from "../pattern-list";
import { ANY_USER } from "../principal/caller";
import { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/fact";
import { isEverything, literal, matches, type Pattern, subsumes, widened } from "../solver/pattern";
import { solve } from "../solver/solve";
import { findValue } from "../solver/value";
import { CHOICE, conditionFacts, fails, isIn, isNotIn, keyDomain, type Outlook } from "../statement";
import { type World, worldsWithoutMfa } from "../world";
import { EXAMPLE_ACTIONS } from "./actions";
import {
  DEFAULT_GUARD_RULES,
  type GuardForm,
  type GuardGap,
  type GuardRules,
  type GuardVerdict,
  type GuardWitness,
} from "./verdict";

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
  const known = policies.filter((policy): policy is Policy => !(policy instanceof Opaque));
  const question: Question = {
    policies: known,
    rules,
    budget: new Budget(),
    outlook: "worst",
    calls: ["any"],
  };
  const form = formOf(question);
  if (form !== undefined) return { kind: "guarded", form, reason: "nothing else is allowed without MFA" };
  const hasUnknown = known.length < policies.length || known.some(({ complete }) => !complete);
  const witness = hasUnknown ? undefined : certainWitness(question);
  if (witness === undefined)
    return { kind: "unknown", reason: "it depends on a policy that is not known yet" };
  const decided = !question.budget.spent;
  const reason = decided
    ? "a request without MFA is not denied"
    : "the policies are too complex to be proven a guard in bounded work, so they count as none";
  const gap = decided ? gapOf(question) : undefined;
  return { kind: "open", reason, witness, ...(gap === undefined ? {} : { gap }), decided };
}

interface Question {
  readonly policies: readonly Policy[];
  readonly rules: GuardRules;
  readonly budget: Budget;
  readonly outlook: Outlook;
  readonly calls: readonly Call[];
}

/** The form in which the policies are a guard; `undefined` when they are none. */
function formOf(question: Question): GuardForm | undefined {
  if (findUnguarded(question) === undefined) return "complete";
  if (!isSelfService(question.rules) || findUnguarded({ ...question, calls: OWN_CALLS }) !== undefined)
    return undefined;
  const keys = question.policies.flatMap(denyConditions).map(({ key }) => key);
  return keys.some((key) => key.startsWith(CALLED_VIA)) ? "called-via" : "via-aws-service";
}

/** A request that gets through whatever the values turn out to be that are not known yet. */
function certainWitness(question: Question): GuardWitness | undefined {
  const witnesses = outcomes(question.policies)?.map((policies) =>
    findUnguarded({ ...question, policies, outlook: "best" }),
  );
  return witnesses?.every((each) => each !== undefined) === true ? witnesses[0] : undefined;
}

/** Why a Deny that is meant as a guard is none, where one thing mends it. */
function gapOf(question: Question): GuardGap | undefined {
  const { policies, rules } = question;
  if (isSelfService(rules) && findUnguarded({ ...question, calls: ["own"] }) === undefined)
    return { kind: "services" };
  const allowed = rules.allowedWithoutMfa.map(actionPattern);
  const tooMuch = new Set<string>();
  const without = policies.map((policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => {
      const { effect, actions } = statement;
      if (effect !== "Deny" || !actions.negated) return statement;
      const isRight = (entry: Text) => allowed.some((each) => subsumes(each, actionPattern(entry)));
      for (const entry of actions.entries) if (!isRight(entry)) tooMuch.add(written(entry));
      return { ...statement, actions: { negated: true, entries: actions.entries.filter(isRight) } };
    }),
  }));
  if (tooMuch.size === 0 || formOf({ ...question, policies: without }) === undefined) return undefined;
  return { kind: "actions", tooMuch: [...tooMuch] };
}

/**
 * Whether the actions that stay open make no service call on for the caller, so that whoever has no MFA has no first
 * call with which to reach one that does.
 */
function isSelfService({ allowedWithoutMfa }: GuardRules): boolean {
  return allowedWithoutMfa.every((each) => /^(iam|sts):/i.test(each));
}

function denyConditions({ statements }: Policy): readonly Condition[] {
  return statements.flatMap(({ effect, conditions }) => (effect === "Deny" ? conditions : []));
}

/**
 * How a request comes: from anywhere, from the caller, or from one of AWS's managed MCP servers, which calls on for a
 * caller without an action of its own that a guard could stop.
 * Source: IAM user guide, "aws:CalledVia", "aws:ViaAWSService", "aws:ViaAWSMCPService".
 */
type Call = "any" | "own" | "mcp";

const OWN_CALLS: readonly Call[] = ["own", "mcp"];
const CALLED_VIA = "aws:calledvia";

/** What a key that tells how a request comes says of it; `undefined` for every other key. */
function callDomain(key: string, call: Call): Domain | undefined {
  if (call === "any") return undefined;
  const says = (presence: Domain["presence"], ...texts: readonly string[]): Domain => {
    const set = anchoredPatterns(texts);
    return { presence, within: set.length === 0 ? [] : [{ kind: "text", set }], prefer: [] };
  };
  if (key === "aws:viaawsservice") return says("always", call === "mcp" ? "true" : "false");
  if (key === "aws:viaawsmcpservice")
    return call === "mcp" ? says("always", "true") : says("optional", "false");
  if (key.startsWith(CALLED_VIA)) return call === "mcp" ? says("optional", "*mcp*") : says("never");
  return undefined;
}

const ACTION = "action";
const RESOURCE = "resource";
const OWN: ReadonlySet<string> = new Set([ACTION, RESOURCE]);

function findUnguarded({ policies, rules, budget, outlook, calls }: Question): GuardWitness | undefined {
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
    for (const call of calls) {
      const domain = (variable: string) => callDomain(variable, call) ?? domainOf(variable, world);
      const solution = solve({ clauses, domain, budget, fillings: outlook === "best" ? "every" : "some" });
      if (solution.kind === "none") continue;
      const text = (variable: string, otherwise: string) => {
        const chosen = solution.model.get(variable)?.[0];
        if (chosen !== undefined) return chosen;
        const answer = findValue(domain(variable), [], budget);
        return answer.kind === "found" ? (answer.value.texts?.[0] ?? otherwise) : otherwise;
      };
      const request = new Map(
        [...solution.model].filter(([key]) => !OWN.has(key) && !key.startsWith(CHOICE)),
      );
      return {
        action: actionName(text(ACTION, "*"), policies),
        resource: text(RESOURCE, "*"),
        world,
        request,
        needs: [...request].flatMap(([key, values]) =>
          key === CALLER_ARN ? [] : [{ key: spellKey(key, ...policies), values }],
        ),
        exact: solution.exact,
      };
    }
  }
  return undefined;
}

/** The action as it is known or written; else the narrowest written pattern that it is one of. */
function actionName(found: string, policies: readonly Policy[]): string {
  const known = EXAMPLE_ACTIONS.find((each) => each.toLowerCase() === found.toLowerCase());
  if (known !== undefined) return known;
  const entries = policies
    .flatMap(({ statements }) => statements.flatMap(({ actions }) => actions.entries))
    .filter((entry) => typeof entry === "string")
    .filter((entry) => entry !== "*" && matches(actionPattern(entry), found))
    .sort((a, b) => b.length - a.length);
  return entries.find((entry) => !/[*?]/.test(entry)) ?? entries[0] ?? found;
}

/** What a request has to be for the Deny not to fire: any of these. `undefined`: it never fires. */
export function evasion(deny: Statement, policy: Policy, world: World, outlook: Outlook): Clause | undefined {
  const facts = conditionFacts(deny, policy, { world, caller: "user" }, outlook);
  if (facts === "never") return undefined;
  const action = actionEscape(deny, outlook);
  const resource = resourceEscape(deny, policy, outlook);
  if (action === undefined || resource === undefined) return undefined;
  return [...action, ...resource, ...fails(facts)];
}

function actionEscape({ actions }: Statement, outlook: Outlook): Literal[] | undefined {
  const { known, possible } = actionSet(actions);
  // An exception that is not known yet may be any action of its form.
  const isCounted = actions.negated === (outlook === "worst");
  const set = isCounted ? [...known, ...possible] : known;
  const isAll = set.some(isEverything);
  if (actions.negated) return isAll ? undefined : set.length === 0 ? [] : [isIn(ACTION, set)];
  return isAll ? [] : set.length === 0 ? undefined : [isNotIn(ACTION, set)];
}

function resourceEscape({ resources }: Statement, policy: Policy, outlook: Outlook): Literal[] | undefined {
  if (resources === undefined) return [];
  const reading = { variables: policy.version === "2012-10-17", ignoreCase: false };
  const isCounted = resources.negated === (outlook === "worst");
  const patterns: Pattern[] = [];
  let variesWithCaller = false;
  for (const entry of resources.entries) {
    const read = resourcePattern(entry, reading, resources.negated || isCounted);
    if (read === undefined) variesWithCaller = true;
    else if (read.hasUnknown === undefined) patterns.push(read);
    else if (isCounted) patterns.push(widened(read));
  }
  const isAll = patterns.some(isEverything);
  if (resources.negated) {
    if (isAll || variesWithCaller) return undefined;
    return patterns.length === 0 ? [] : [isIn(RESOURCE, patterns)];
  }
  if (isAll) return [];
  return patterns.length === 0 ? undefined : [isNotIn(RESOURCE, patterns)];
}

/**
 * A resource pattern, read to the safe side: what a Deny names is taken narrowly (a wildcard stays within its part of
 * the ARN), what it leaves out (`NotResource`) widely.
 */
function resourcePattern(
  written: Text,
  reading: { variables: boolean; ignoreCase: boolean },
  widely: boolean,
): Pattern | undefined {
  const wide = glob(written, reading);
  return wide === undefined || widely || isEverything(wide) ? wide : arnPattern(written, reading);
}

const ANY_ACTION: Test = { kind: "text", set: [actionPattern("?*:?*")] };
/** A call is on a resource that has an ARN, or on none in particular. */
const ANY_RESOURCE: Test = { kind: "text", set: [literal("*"), ...anchoredPatterns(["arn:*:*:*:*:*"])] };
/** A member is a user. */
const MEMBER = { kind: "user" } as const;
const A_USER: Test = { kind: "text", set: ANY_USER };

/** What values the action, the resource and the condition keys of a request can have. */
export function domainOf(variable: string, world: World): Domain {
  switch (variable) {
    case ACTION:
      return { presence: "always", within: [ANY_ACTION], prefer: EXAMPLE_ACTIONS.slice(0, 24) };
    case RESOURCE:
      return { presence: "always", within: [ANY_RESOURCE], prefer: ["*", "arn:aws:s3:::example-bucket"] };
    case CALLER_ARN:
      return { presence: "always", within: [A_USER], prefer: ["arn:aws:iam::111122223333:user/alice"] };
    default:
      return keyDomain(variable, world, MEMBER);
  }
}
