import { spellKey } from "../condition/key";
import { actionPattern, actionSet } from "../encode/action";
import { CALLER_ARN, isInArn } from "../encode/condition";
import { anchoredPatterns } from "../encode/pattern-list";
import { arnPattern, glob } from "../encode/policy-pattern";
import {
  type Assumption,
  CHOICE,
  encodeConditions,
  fails,
  isIn,
  isNotIn,
  keyDomain,
} from "../encode/statement";
import { memoize } from "../memoize";
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import type { Policy, Selection, Statement } from "../policy/model";
import type { Text } from "../policy/unknown";
import { ANY_FEDERATED_USER, ANY_USER, type Home, identitiesOf } from "../principal/caller";
import type { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/formula";
import { exactPattern, isEverything, matches, type Pattern, widened } from "../solver/pattern";
import { solve } from "../solver/solve";
import { EXAMPLE_ACTIONS } from "./actions";
import type { GuardRules, GuardWitness } from "./verdict";

/**
 * How a request comes: from anywhere, from the caller, or from one of AWS's managed MCP servers, which calls on for a
 * caller without an action of its own that a guard could stop.
 * Source: IAM user guide, "aws:CalledVia", "aws:ViaAWSService", "aws:ViaAWSMCPService".
 */
export type Call = "any" | "own" | "mcp";

/** Also `aws:CalledViaFirst` and `aws:CalledViaLast`. */
export const CALLED_VIA = "aws:calledvia";

/** What a key that tells how a request comes says of it; `undefined` for every other key. */
function callDomain(key: string, call: Call): Domain | undefined {
  if (call === "any") return undefined;
  const says = (presence: Domain["presence"], ...texts: readonly string[]): Domain => ({
    presence,
    within: [{ kind: "text", set: anchoredPatterns(texts) }],
    prefer: [],
  });
  if (key === "aws:viaawsservice") return says("always", call === "mcp" ? "true" : "false");
  if (key === "aws:viaawsmcpservice")
    return call === "mcp" ? says("always", "true") : says("optional", "false");
  if (key.startsWith(CALLED_VIA)) return call === "mcp" ? says("optional", "*mcp*") : says("never");
  return undefined;
}

/** What is asked of the policies that somebody carries. */
export interface GuardQuery {
  readonly policies: readonly Policy[];
  readonly rules: GuardRules;
  readonly budget: Budget;
  readonly assumption: Assumption;
  readonly calls: readonly Call[];
  /** Actions to try first. */
  readonly likely: readonly string[];
  /** The account of whoever carries the policies; without it it may be any. */
  readonly home?: Home | undefined;
}

/**
 * Whose requests are asked about: those of whoever carries the policies, or of a session of `sts:GetFederationToken` that they
 * open, which carries the same policies under another ARN.
 * Source: IAM user guide, "Permissions for GetFederationToken" and "aws:PrincipalArn".
 */
export type Member = "user" | "federated-user";

/** Which requests are looked through. */
export interface Wanted {
  readonly member: Member;
  readonly contexts: readonly MfaContext[];
  readonly action: Literal;
}

export const ACTION = "action";
export const RESOURCE = "resource";
const OWN: ReadonlySet<string> = new Set([ACTION, RESOURCE]);

/** A request of a member without MFA that no Deny stops and that comes in one of these ways. */
export function findUnguarded(query: GuardQuery): GuardWitness | undefined {
  const action = isNotIn(ACTION, query.rules.allowedWithoutMfa.map(actionPattern));
  return findRequest(query, { member: "user", contexts: contextsWithoutMfa(), action });
}

/** A wanted request that no Deny stops. */
export function findRequest(
  { policies, budget, assumption, calls, likely, home }: GuardQuery,
  { member, contexts, action }: Wanted,
): GuardWitness | undefined {
  for (const context of contexts) {
    const place = { context, caller: member, home };
    const clauses = [[action], ...evasions(policies, place, assumption)];
    for (const call of calls) {
      const domain = (variable: string) => callDomain(variable, call) ?? domainOf(variable, place, likely);
      const solution = solve({ clauses, domain, budget, fillings: assumption === "best" ? "every" : "some" });
      if (solution.kind === "none") continue;
      const chosen = (variable: string) => solution.model.get(variable)?.[0];
      const request = new Map(
        [...solution.model].filter(
          ([key]) => !OWN.has(key) && !key.startsWith(CHOICE) && !isInArn(key, member),
        ),
      );
      return {
        action: actionName(chosen(ACTION) ?? "s3:ListAllMyBuckets", policies),
        resource: chosen(RESOURCE) ?? "*",
        context,
        caller: member,
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

/** In which context who calls, and from which account, where that is known. */
export interface Place {
  readonly context: MfaContext;
  readonly caller: Member;
  readonly home?: Home | undefined;
}

/** What a request has to be for no Deny to fire. */
export function evasions(
  policies: readonly Policy[],
  place: Place,
  assumption: Assumption,
): readonly Clause[] {
  return policies.flatMap((policy) =>
    policy.statements.flatMap((each) => {
      const clause = each.effect === "Deny" ? evasion(each, policy, place, assumption) : undefined;
      return clause === undefined ? [] : [clause];
    }),
  );
}

/** What a request has to be for the Deny not to fire: any of these. `undefined`: it never fires. */
export function evasion(
  deny: Statement,
  policy: Policy,
  place: Place,
  assumption: Assumption,
): Clause | undefined {
  const literals = encodeConditions(deny, policy, place, assumption);
  if (literals === "never") return undefined;
  const action = actionEscape(deny, assumption);
  const resource = resourceEscape(deny, policy, assumption);
  if (action === undefined || resource === undefined) return undefined;
  return [...action, ...resource, ...fails(literals)];
}

/** What action a request has to have for the Deny not to fire; `undefined`: it never fires. */
export function actionEscape({ actions }: Statement, assumption: Assumption): Literal[] | undefined {
  const { known, possible } = actionSet(actions);
  // An exception that is not known yet may be any action of its form.
  const isCounted = actions.negated === (assumption === "worst");
  const set = isCounted && possible.length > 0 ? [...known, ...possible] : known;
  const isAll = set.some(isEverything);
  if (actions.negated) return isAll ? undefined : [isIn(ACTION, set)];
  return isAll ? [] : [isNotIn(ACTION, set)];
}

/** That the action is one that an Allow may be about. */
export function isActionOf({ actions }: Statement): Literal {
  const { known, possible } = actionSet(actions);
  return actions.negated ? isNotIn(ACTION, known) : isIn(ACTION, [...known, ...possible]);
}

/** As with a list of actions, each is asked about in every context and for every call. */
const escapes = new WeakMap<Selection<Text>, Map<string, Literal[] | undefined>>();

/** What resource a request has to be on for the Deny not to fire; `undefined`: it never fires. */
export function resourceEscape(
  { resources }: Statement,
  policy: Policy,
  assumption: Assumption,
): Literal[] | undefined {
  if (resources === undefined) return [];
  const known = memoize(escapes, resources, () => new Map());
  return memoize(known, `${policy.version} ${assumption}`, () => {
    const isCounted = resources.negated === (assumption === "worst");
    const patterns: Pattern[] = [];
    let variesWithCaller = false;
    for (const entry of resources.entries) {
      const read = resourcePattern(entry, policy, resources.negated || isCounted);
      if (read === undefined) variesWithCaller = true;
      else if (read.hasUnknown === undefined) patterns.push(read);
      else if (isCounted) patterns.push(widened(read));
    }
    const isAll = patterns.some(isEverything);
    if (resources.negated) {
      return isAll || variesWithCaller ? undefined : [isIn(RESOURCE, patterns)];
    }
    return isAll ? [] : [isNotIn(RESOURCE, patterns)];
  });
}

/**
 * A resource pattern, read to the safe side: what a Deny names is taken narrowly (a wildcard stays within its part of
 * the ARN), what it leaves out (`NotResource`) widely.
 */
export function resourcePattern(written: Text, { version }: Policy, widely: boolean): Pattern | undefined {
  const reading = { variables: version === "2012-10-17", ignoreCase: false };
  const wide = glob(written, reading);
  return wide === undefined || widely || isEverything(wide) ? wide : arnPattern(written, reading);
}

export const ANY_ACTION: Test = { kind: "text", set: [actionPattern("?*:?*")] };
/** A call is on a resource that has an ARN, or on none in particular. */
export const ANY_RESOURCE: Test = {
  kind: "text",
  set: [exactPattern("*"), ...anchoredPatterns(["arn:*:*:*:*:*"])],
};
function arnsOf(caller: Member, home: Home | undefined): Test {
  const { users, federatedUsers } = home === undefined ? ANYWHERE : identitiesOf(home);
  return { kind: "text", set: caller === "user" ? users : federatedUsers };
}
const ANYWHERE = { users: ANY_USER, federatedUsers: ANY_FEDERATED_USER };
const EXAMPLES: Readonly<Record<Member, string>> = {
  user: "arn:aws:iam::111122223333:user/alice",
  "federated-user": "arn:aws:sts::111122223333:federated-user/alice",
};

/** What values the action, the resource and the condition keys of a request can have. `likely`: actions to try first. */
export function domainOf(
  variable: string,
  { context, caller, home }: Place,
  likely: readonly string[] = [],
): Domain {
  switch (variable) {
    case ACTION:
      return {
        presence: "always",
        within: [ANY_ACTION],
        prefer: [...EXAMPLE_ACTIONS.slice(0, 24), ...likely],
      };
    case RESOURCE:
      return { presence: "always", within: [ANY_RESOURCE], prefer: ["*", "arn:aws:s3:::example-bucket"] };
    case CALLER_ARN:
      return { presence: "always", within: [arnsOf(caller, home)], prefer: [EXAMPLES[caller]] };
    default:
      return keyDomain(variable, context, { kind: caller });
  }
}
