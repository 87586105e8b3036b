import { spellKey } from "../condition/key";
import { CALLER_ACCOUNT, CALLER_ARN, isInArn } from "../encode/condition";
import { exactly } from "../encode/policy-pattern";
import {
  type Assumption,
  allHold,
  appliesTo,
  CHOICE,
  encodeConditions,
  fails,
  isNotIn,
  keyDomain,
} from "../encode/statement";
import { memoize } from "../memoize";
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import type { Policy, Selection, Statement } from "../policy/model";
import { Unknown } from "../policy/unknown";
import {
  type AssumeRoleAction,
  type Caller,
  type CallerKind,
  callersOf,
  configuredArns,
  type Denied,
  deniedBy,
  isDenied,
  mayBeDenied,
  type NamedCallers,
  partitionOf,
  strangers,
} from "../principal/caller";
import { nameOf, type PrincipalEntry } from "../principal/entry";
import type { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/formula";
import { findValue } from "../solver/key-value";
import { type Solution, solve } from "../solver/solve";
import type { StringSet } from "../solver/string-constraint";
import type { TrustRules, TrustWitness } from "./verdict";

/** Keys that say which organization a caller belongs to. */
const ORGANIZATION_KEYS = new Set(["aws:principalorgid", "aws:principalorgpaths"]);

const SESSION = "session";

/** The classes of those whom `"AWS"` can name. */
export const OF_AWS = ["user", "role", "account"] as const;

/**
 * Asks of a trust policy who gets in without MFA: by which statement, as which caller, in which context. Conditions on other
 * keys are free. What is not known yet is taken as the assumption says.
 */
export class TrustQuery {
  private readonly partition: ReturnType<typeof partitionOf>;
  private readonly trusted: StringSet;
  private readonly contexts: readonly MfaContext[];
  // A document may name hundreds of callers, and each is held against every Deny: what is the same for all of them
  // is worked out once.
  private readonly denies = new Map<AssumeRoleAction, readonly Statement[]>();
  private readonly literals = new Map<Statement, Map<string, "never" | readonly Literal[]>>();
  private readonly denied = new Map<Selection<PrincipalEntry>, Denied>();

  /** `stranger`: asks about anyone as a user or role of this account, which may be any. */
  constructor(
    private readonly policy: Policy,
    private readonly rules: TrustRules,
    private readonly budget: Budget,
    private readonly assumption: Assumption,
    private readonly stranger?: Unknown,
  ) {
    this.partition = partitionOf(policy.statements);
    this.trusted = configuredArns(rules.trustedPrincipalArns, this.partition);
    this.contexts = contextsWithoutMfa(rules.maxMfaAgeSeconds);
  }

  /** The ways in of those who must prove MFA, and of those whom the rules exempt: one for each statement and principal. */
  waysIn(): { enforced: TrustWitness[]; exempt: TrustWitness[] } {
    const enforced: TrustWitness[] = [];
    const exempt: TrustWitness[] = [];
    for (const { way, isExempt } of this.eachWayIn()) (isExempt ? exempt : enforced).push(way);
    return { enforced, exempt };
  }

  /** Whether somebody who must prove MFA gets in: the first way in is enough. */
  isOpen(): boolean {
    for (const { isExempt } of this.eachWayIn()) if (!isExempt) return true;
    return false;
  }

  private *eachWayIn(): Generator<{ readonly way: TrustWitness; readonly isExempt: boolean }> {
    const seen = new Set<string>();
    for (const { statement, entry, name, callers, able } of this.allowed()) {
      const key = `${statement.index} ${name}`;
      if (seen.has(key)) continue;
      // What a principal that is not known yet will be, nobody chooses: each kind must have its way in.
      const eachKind = this.assumption === "best" && entry.kind === "unknown";
      const ways = this.enforcedWays(statement, able, name, eachKind);
      const [way] = ways;
      const isEnough =
        !eachKind ||
        callers.every(({ kind, arns }) => arns === undefined || ways.some((each) => each.caller === kind));
      if (way !== undefined && isEnough) {
        seen.add(key);
        yield { way, isExempt: false };
        continue;
      }
      for (const caller of able) {
        if (this.isEnforced(caller) && this.trusted.length === 0) continue;
        const exemptWay = this.find(statement, caller, name, {});
        if (exemptWay === undefined) continue;
        yield { way: exemptWay, isExempt: true };
        break;
      }
    }
  }

  /** Whom each Allow names that can be met at all. `able`: those of them to whose call it applies. */
  *allowed(): Generator<
    NamedCallers & { readonly statement: Statement; readonly name: string; readonly able: readonly Caller[] }
  > {
    const allows = this.policy.statements.filter(({ effect }) => effect === "Allow");
    for (const statement of this.policy.complete ? allows : [...allows, SOMETHING_UNKNOWN]) {
      if (this.isNeverMet(statement)) continue;
      for (const named of this.named(statement)) {
        const able = named.callers.filter(({ wayIn }) => appliesTo(statement, wayIn, this.assumption));
        yield { ...named, statement, name: nameOf(named.entry), able };
      }
    }
  }

  private named(statement: Statement): readonly NamedCallers[] {
    const all = callersOf(statement, this.partition);
    const { stranger } = this;
    if (stranger === undefined) return all;
    return all.map(({ entry }) => ({ entry, callers: strangers(entry, stranger, this.partition) }));
  }

  /** The ways in of those who must prove MFA: the first one, or one for each kind of caller. */
  private enforcedWays(
    statement: Statement,
    callers: readonly Caller[],
    name: string,
    eachKind: boolean,
  ): readonly TrustWitness[] {
    const found: TrustWitness[] = [];
    for (const caller of callers) {
      if (!this.isEnforced(caller)) continue;
      const way = this.find(statement, caller, name, { untrusted: true });
      if (way === undefined) continue;
      found.push(way);
      if (!eachKind) break;
    }
    return found;
  }

  /** The usual case, answered first: the conditions rule out every context without MFA, whoever calls. */
  private isNeverMet(statement: Statement): boolean {
    if (statement.conditions.length === 0) return false;
    return this.contexts.every((context) => this.conditionsOf(statement, context, "user") === "never");
  }

  private deniesOf(wayIn: AssumeRoleAction): readonly Statement[] {
    return memoize(this.denies, wayIn, () =>
      this.policy.statements.filter(
        (statement) => statement.effect === "Deny" && appliesTo(statement, wayIn, this.assumption),
      ),
    );
  }

  private conditionsOf(
    statement: Statement,
    context: MfaContext,
    caller: CallerKind,
  ): "never" | readonly Literal[] {
    const known = memoize(this.literals, statement, () => new Map());
    return memoize(known, `${context.kind} ${caller}`, () =>
      encodeConditions(statement, this.policy, { context, caller }, this.assumption),
    );
  }

  private isEnforced({ class: judged, entry }: Caller): boolean {
    if (judged === "unknown") {
      if (this.assumption === "worst") return true;
      return entry.kind === "unknown" && OF_AWS.every((each) => this.rules.principals[each] === "enforce");
    }
    return judged === "anyone" || this.rules.principals[judged] === "enforce";
  }

  /** The caller's way in through an Allow, in the first context that has one. `untrusted`: as nobody whom the rules trust. */
  find(
    statement: Statement,
    caller: Caller,
    name: string,
    {
      contexts = this.contexts,
      untrusted = false,
    }: { contexts?: readonly MfaContext[]; untrusted?: boolean },
  ): TrustWitness | undefined {
    for (const context of contexts) {
      if (!canBeIn(context, caller.kind)) continue;
      const clauses = this.clauses(statement, caller, context, untrusted);
      if (clauses === undefined) continue;
      const domain = (variable: string) => this.domain(variable, caller, context);
      const solution = this.solve(clauses, domain);
      if (solution.kind === "none") continue;
      const request = new Map(
        [...solution.model].filter(
          ([variable]) => !variable.startsWith(CHOICE) && !isInArn(variable, caller.kind),
        ),
      );
      for (const variable of [CALLER_ARN, SESSION]) {
        if (request.has(variable) || domain(variable).within.length === 0) continue;
        const answer = findValue(domain(variable), [], this.budget);
        if (answer.kind === "found") request.set(variable, answer.value.texts);
      }
      const when = [...solution.model].filter(([variable]) => variable.startsWith(CHOICE));
      return {
        statement: statement.index,
        ...(statement.sid === undefined ? {} : { sid: statement.sid }),
        principal: name,
        class: caller.class,
        caller: caller.kind,
        action: caller.wayIn,
        context,
        request,
        needs: [...request].flatMap(([key, values]) => {
          return IDENTITY.has(key) ? [] : [{ key: spellKey(key, this.policy), values }];
        }),
        when: new Map(
          when.map(([variable, values]) => [variable.slice(CHOICE.length), values !== undefined]),
        ),
        // Whose unique id it is, the document does not say.
        exact: solution.exact && caller.entry.kind !== "id",
      };
    }
    return undefined;
  }

  private solve(clauses: readonly Clause[], domain: (variable: string) => Domain): Solution {
    const { budget, assumption } = this;
    const fillings = this.stranger !== undefined ? "new" : assumption === "best" ? "every" : "some";
    return solve({ clauses, domain, budget, fillings });
  }

  /** What must hold for this Allow to let the caller in and for no Deny to fire. `undefined`: it cannot. */
  private clauses(
    allow: Statement,
    caller: Caller,
    context: MfaContext,
    untrusted: boolean,
  ): Clause[] | undefined {
    const literals = this.conditionsOf(allow, context, caller.kind);
    if (literals === "never") return undefined;
    const clauses = allHold(literals);
    if (untrusted && this.trusted.length > 0 && caller.arns !== undefined) {
      clauses.push([isNotIn(CALLER_ARN, this.trusted)], [isNotIn(SESSION, this.trusted)]);
    }
    for (const deny of this.deniesOf(caller.wayIn)) {
      const unmet = this.conditionsOf(deny, context, caller.kind);
      if (unmet === "never") continue;
      for (const evasion of this.evasions(deny, caller)) {
        const clause = [...evasion, ...fails(unmet)];
        if (clause.length === 0) return undefined;
        clauses.push(clause);
      }
    }
    return clauses;
  }

  /** What the caller has to be for the Deny not to name them, all of these; none when it names nobody like them. */
  private evasions({ principals }: Statement, caller: Caller): readonly Clause[] {
    if (principals === undefined) return [[]];
    const denied = memoize(this.denied, principals, () => deniedBy(principals, this.partition));
    if (isDenied(denied, caller) === "yes") return [[]];
    if (this.assumption === "best" && mayBeDenied(denied, caller)) return [[]];
    if (caller.arns === undefined) return [];
    return [
      ...(denied.arns.length > 0 ? [[isNotIn(CALLER_ARN, denied.arns)]] : []),
      ...(denied.sessions.length > 0 ? [[isNotIn(SESSION, denied.sessions)]] : []),
    ];
  }

  private domain(variable: string, caller: Caller, context: MfaContext): Domain {
    const texts = (set: StringSet | undefined): Test[] => (set === undefined ? [] : [{ kind: "text", set }]);
    if (variable === CALLER_ARN && caller.arns !== undefined) {
      return { presence: "always", within: texts(caller.arns), prefer: EXAMPLE_CALLERS };
    }
    if (variable === SESSION) {
      const presence = caller.sessions === undefined ? "never" : "always";
      return { presence, within: texts(caller.sessions), prefer: [] };
    }
    if (this.stranger !== undefined && ORGANIZATION_KEYS.has(variable)) {
      return { presence: "optional", within: texts(ANYWHERE), prefer: [] };
    }
    return keyDomain(variable, context, caller);
  }
}

const ANY_ORGANIZATION = new Unknown("any organization", undefined, "any organization");
const ANYWHERE: StringSet = [exactly(ANY_ORGANIZATION, { variables: false, ignoreCase: false })].filter(
  (each) => each !== undefined,
);

/** The keys of a request that say who calls. */
const IDENTITY: ReadonlySet<string> = new Set([CALLER_ARN, CALLER_ACCOUNT, SESSION]);

/** Services and identity providers sign no MFA, so that neither key is there. */
function canBeIn(context: MfaContext, kind: CallerKind): boolean {
  return context.kind === "absent" || (kind !== "service" && kind !== "federated");
}

/** A trust policy of which a part is not known may hold a statement that lets anyone in. */
const SOMETHING_UNKNOWN: Statement = {
  index: -1,
  effect: "Allow",
  principals: { negated: false, entries: [{ kind: "anyone", text: "*" }] },
  actions: { negated: false, entries: ["*"] },
  conditions: [],
};

const EXAMPLE_CALLERS = [
  "arn:aws:iam::111122223333:user/alice",
  "arn:aws:iam::444455556666:user/mallory",
  "arn:aws:iam::111122223333:role/deploy",
];
