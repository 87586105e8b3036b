import { keyDomain, type Origin } from "../encode/domain";
import { exactly } from "../encode/policy-pattern";
import { keysOf } from "../encode/request";
import { type Assumption, appliesTo, encodeConditions } from "../encode/statement";
import { CALLER_ARN, CHOICE, isNotIn, SESSION } from "../encode/variable";
import { memoize } from "../memoize";
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import type { Policy, Selection, Statement } from "../policy/model";
import { Unknown } from "../policy/unknown";
import { configuredArns, partitionOf } from "../principal/arn";
import { type AssumeRoleAction, type Caller, callersOf, principalsOf, strangers } from "../principal/caller";
import { nameOf, type PrincipalEntry } from "../principal/entry";
import { isDenied, mayBeDenied, type Named, namedBy } from "../principal/named";
import { Budget } from "../solver/budget";
import { type Clause, type Cube, type Domain, NEVER, negation, oneOf, unitClauses } from "../solver/formula";
import { findValue } from "../solver/key-value";
import type { StringSet } from "../solver/pattern";
import { solve } from "../solver/solve";
import type { TrustRules, TrustWitness } from "./verdict";

/** The classes of principals that `"AWS"` can name. */
export const OF_AWS = ["user", "role", "account"] as const;

interface Options {
  readonly budget?: Budget;
  /** What is assumed of unknown values; `worst` by default. */
  readonly assumption?: Assumption;
  /** By default those without MFA. */
  readonly contexts?: readonly MfaContext[];
  /** Takes anyone for a user or role of this account, which may be any. */
  readonly stranger?: Unknown;
  /** Values of condition keys, in place of those that the key can have. */
  readonly domains?: ReadonlyMap<string, Domain>;
}

/** A principal of an Allow statement that can be met. */
interface Allowed {
  readonly statement: Statement;
  readonly entry: PrincipalEntry;
  readonly callers: readonly Caller[];
  /** The callers to whose call the statement applies. */
  readonly able: readonly Caller[];
}

/**
 * The requests that a trust policy lets in: by which statement, of which caller, in which context. Conditions on other keys
 * are free.
 */
export class TrustQuery {
  private readonly partition: ReturnType<typeof partitionOf>;
  private readonly trusted: StringSet;
  private readonly budget: Budget;
  private readonly assumption: Assumption;
  private readonly contexts: readonly MfaContext[];
  // A document may name hundreds of callers, and each is compared with every Deny.
  private readonly denies = new Map<AssumeRoleAction, readonly Statement[]>();
  private readonly cubes = new Map<Statement, Map<string, Cube>>();
  private readonly named = new Map<Selection<PrincipalEntry>, Named>();

  constructor(
    private readonly policy: Policy,
    private readonly rules: TrustRules,
    private readonly options: Options = {},
  ) {
    this.partition = partitionOf(policy.statements);
    this.trusted = configuredArns(rules.trustedPrincipalArns, this.partition);
    this.budget = options.budget ?? new Budget();
    this.assumption = options.assumption ?? "worst";
    this.contexts = options.contexts ?? contextsWithoutMfa(rules.maxMfaAgeSeconds);
  }

  /** One way in for each statement and principal: of those who must prove MFA, and of those whom the rules exempt. */
  waysIn(): { enforced: TrustWitness[]; exempt: TrustWitness[] } {
    const enforced: TrustWitness[] = [];
    const exempt: TrustWitness[] = [];
    for (const { way, isExempt } of this.eachWayIn()) (isExempt ? exempt : enforced).push(way);
    return { enforced, exempt };
  }

  /** Whether a principal that must prove MFA gets in. */
  isOpen(): boolean {
    for (const { isExempt } of this.eachWayIn()) if (!isExempt) return true;
    return false;
  }

  private *eachWayIn(): Generator<{ readonly way: TrustWitness; readonly isExempt: boolean }> {
    const seen = new Set<string>();
    for (const allowed of this.allowed()) {
      const key = `${allowed.statement.index} ${nameOf(allowed.entry)}`;
      if (seen.has(key)) continue;
      const enforced = this.enforcedWay(allowed);
      if (enforced !== undefined) {
        seen.add(key);
        yield { way: enforced, isExempt: false };
        continue;
      }
      for (const caller of allowed.able) {
        if (this.isEnforced(caller) && this.trusted.length === 0) continue;
        const way = this.find(allowed.statement, caller);
        if (way === undefined) continue;
        yield { way, isExempt: true };
        break;
      }
    }
  }

  /** The way in of a principal that must prove MFA. */
  private enforcedWay({ statement, entry, callers, able }: Allowed): TrustWitness | undefined {
    // Nobody chooses what an unknown principal turns out to be: each kind must have its way in.
    const eachKind = this.assumption === "best" && entry.kind === "unknown";
    const ways: TrustWitness[] = [];
    for (const caller of able) {
      if (!this.isEnforced(caller)) continue;
      const way = this.find(statement, caller, { untrusted: true });
      if (way !== undefined) ways.push(way);
      if (way !== undefined && !eachKind) break;
    }
    const hasWay = ({ kind, arns }: Caller) =>
      arns === undefined || ways.some(({ caller }) => caller === kind);
    return !eachKind || callers.every(hasWay) ? ways[0] : undefined;
  }

  /** The principals of each Allow that can be met. */
  *allowed(): Generator<Allowed> {
    const allows = this.policy.statements.filter(({ effect }) => effect === "Allow");
    const { stranger } = this.options;
    for (const statement of this.policy.complete ? allows : [...allows, SOMETHING_UNKNOWN]) {
      if (this.isNeverMet(statement)) continue;
      for (const entry of principalsOf(statement)) {
        const callers =
          stranger === undefined
            ? callersOf(entry, statement, this.partition)
            : strangers(entry, stranger, this.partition);
        const able = callers.filter(({ wayIn }) => appliesTo(statement, wayIn, this.assumption));
        yield { statement, entry, callers, able };
      }
    }
  }

  /** The usual case, answered first: the conditions rule out every context, whoever calls. */
  private isNeverMet(statement: Statement): boolean {
    if (statement.conditions.length === 0) return false;
    return this.contexts.every(
      (context) => this.conditionsOf(statement, { context, caller: "user" }) === "never",
    );
  }

  private deniesOf(wayIn: AssumeRoleAction): readonly Statement[] {
    return memoize(this.denies, wayIn, () =>
      this.policy.statements.filter(
        (statement) => statement.effect === "Deny" && appliesTo(statement, wayIn, this.assumption),
      ),
    );
  }

  private conditionsOf(statement: Statement, origin: Origin): Cube {
    const known = memoize(this.cubes, statement, () => new Map<string, Cube>());
    return memoize(known, `${origin.context.kind} ${origin.caller}`, () =>
      encodeConditions(statement, origin, this.assumption),
    );
  }

  private isEnforced({ class: judged, entry }: Caller): boolean {
    if (judged === "unknown") {
      if (this.assumption === "worst") return true;
      return entry.kind === "unknown" && OF_AWS.every((each) => this.rules.principals[each] === "enforce");
    }
    return judged === "anyone" || this.rules.principals[judged] === "enforce";
  }

  /** The caller's way in through an Allow, in the first context that has one. `untrusted`: as none of the trusted ARNs. */
  find(
    statement: Statement,
    caller: Caller,
    {
      contexts = this.contexts,
      untrusted = false,
    }: { contexts?: readonly MfaContext[]; untrusted?: boolean } = {},
  ): TrustWitness | undefined {
    for (const context of contexts) {
      if (!canBeIn(context, caller)) continue;
      const origin = { context, caller: caller.kind, id: caller.id };
      const clauses = this.clauses(statement, caller, origin, untrusted);
      if (clauses === undefined) continue;
      const domain = (variable: string) => this.domain(variable, caller, origin);
      const fillings =
        this.options.stranger !== undefined ? "new" : this.assumption === "best" ? "every" : "some";
      const solution = solve({ clauses, domain, budget: this.budget, fillings });
      if (solution.kind === "none") continue;
      const { request, needs } = keysOf(solution.model, caller.kind, [this.policy]);
      const identity = [CALLER_ARN, SESSION].flatMap((variable) => {
        if (request.has(variable) || domain(variable).within.length === 0) return [];
        const answer = findValue(domain(variable), [], this.budget);
        return answer.kind === "found" ? [[variable, answer.value.texts] as const] : [];
      });
      const choices = [...solution.model].filter(([variable]) => variable.startsWith(CHOICE));
      return {
        // Not by `referenceTo`: an object that begins with a spread takes twice as long to make.
        statement: statement.index,
        ...(statement.sid === undefined ? {} : { sid: statement.sid }),
        principal: nameOf(caller.entry),
        class: caller.class,
        caller: caller.kind,
        action: caller.wayIn,
        context,
        request: new Map([...request, ...identity]),
        needs,
        when: new Map(choices.map(([id, values]) => [id.slice(CHOICE.length), values !== undefined])),
        // The document does not say whose unique id it is.
        exact: solution.exact && caller.entry.kind !== "id",
      };
    }
    return undefined;
  }

  /** A request that this Allow lets in and no Deny stops. `undefined`: there is none. */
  private clauses(
    allow: Statement,
    caller: Caller,
    origin: Origin,
    untrusted: boolean,
  ): Clause[] | undefined {
    const conditions = this.conditionsOf(allow, origin);
    if (conditions === "never") return undefined;
    const clauses = unitClauses(conditions);
    if (untrusted && this.trusted.length > 0 && caller.arns !== undefined)
      clauses.push([isNotIn(CALLER_ARN, this.trusted)], [isNotIn(SESSION, this.trusted)]);
    for (const deny of this.deniesOf(caller.wayIn)) {
      const unmet = negation(this.conditionsOf(deny, origin));
      if (unmet === undefined) continue;
      for (const evasion of this.evasions(deny, caller)) {
        const clause = [...evasion, ...unmet];
        if (clause.length === 0) return undefined;
        clauses.push(clause);
      }
    }
    return clauses;
  }

  /** The ways to be a caller whom the Deny does not name: all of the clauses, none if it names no such caller. */
  private evasions({ principals }: Statement, caller: Caller): readonly Clause[] {
    if (principals === undefined) return [[]];
    const named = memoize(this.named, principals, () => namedBy(principals, this.partition));
    if (isDenied(named, caller) || (this.assumption === "best" && mayBeDenied(named, caller))) return [[]];
    if (caller.arns === undefined) return [];
    return [
      ...(named.arns.length > 0 ? [[isNotIn(CALLER_ARN, named.arns)]] : []),
      ...(named.sessions.length > 0 ? [[isNotIn(SESSION, named.sessions)]] : []),
    ];
  }

  private domain(variable: string, { arns, sessions }: Caller, origin: Origin): Domain {
    if (variable === SESSION) return sessions === undefined ? NEVER : oneOf(sessions);
    if (variable === CALLER_ARN && arns !== undefined) return { ...oneOf(arns), prefer: EXAMPLE_CALLERS };
    if (this.options.stranger !== undefined && ORGANIZATION_KEYS.has(variable)) return ANY_ORGANIZATION;
    return this.options.domains?.get(variable) ?? keyDomain(variable, origin);
  }
}

/** Keys of the caller's organization. */
const ORGANIZATION_KEYS = new Set(["aws:principalorgid", "aws:principalorgpaths"]);

const ORGANIZATION = new Unknown("any organization", undefined, "any organization");
const ANY_ORGANIZATION: Domain = {
  ...oneOf(
    [exactly(ORGANIZATION, { variables: false, ignoreCase: false })].filter((each) => each !== undefined),
  ),
  presence: "optional",
};

/** Services and identity providers sign no MFA, so that neither key is present. */
function canBeIn(context: MfaContext, { kind }: Caller): boolean {
  return context.kind === "absent" || (kind !== "service" && kind !== "federated");
}

/** A trust policy with an unknown part may have a statement that lets anyone in. */
const SOMETHING_UNKNOWN: Statement = {
  index: -1,
  effect: "Allow",
  variables: true,
  principals: { negated: false, entries: [{ kind: "anyone", text: "*" }] },
  actions: { negated: false, entries: ["*"] },
  conditions: [],
};

const EXAMPLE_CALLERS = [
  "arn:aws:iam::111122223333:user/alice",
  "arn:aws:iam::444455556666:user/mallory",
  "arn:aws:iam::111122223333:role/deploy",
];
