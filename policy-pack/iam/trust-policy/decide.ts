import { spellKey } from "../condition/key";
import { CALLER_ACCOUNT, CALLER_ARN, isInArn } from "../encode/condition";
import { anchoredPatterns } from "../encode/pattern-list";
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
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import { outcomes } from "../policy/cases";
import type { Policy, Selection, Statement } from "../policy/model";
import { identityOf, partsOf, type Text, Unknown } from "../policy/unknown";
import {
  type AssumeRoleAction,
  type Caller,
  type CallerKind,
  callersOf,
  type Denied,
  deniedBy,
  isDenied,
  mayBeDenied,
  type NamedCallers,
  partitionOf,
  strangers,
} from "../principal/caller";
import { nameOf, type PrincipalEntry } from "../principal/entry";
import { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/formula";
import { findValue } from "../solver/key-value";
import { type Solution, solve } from "../solver/solve";
import type { StringSet } from "../solver/string-constraint";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict, type TrustWitness } from "./verdict";

/**
 * Whether somebody can assume the role without MFA: whether a request exists, in any context without MFA, that an Allow
 * lets in and no Deny stops. Conditions on other keys are free, since whoever calls may satisfy them.
 * Source: IAM user guide, "Policy evaluation logic" and "Configuring MFA-protected API access".
 */
export function decideTrust(written: Policy, rules: TrustRules = DEFAULT_TRUST_RULES): TrustVerdict {
  const policy = toldApart(written);
  const budget = new Budget();
  const { enforced, exempt } = new TrustQuestion(policy, rules, budget, "worst").waysIn();
  const [first, ...more] = enforced;
  if (first !== undefined) {
    if (!isCertain(policy, rules, budget)) return unknown(enforced, rules);
    const decided = !budget.spent;
    const reason = decided
      ? "a request without MFA is allowed"
      : "the document is too complex to be proven safe in bounded work, so it counts as open";
    return { kind: "bypassable", reason, witnesses: [first, ...more], decided };
  }
  const [stranger, ...others] = anyoneWithMfa(policy, budget);
  if (stranger !== undefined) {
    const reason = "anyone gets in with the MFA of any account in the world";
    return { kind: "anyone-with-mfa", reason, witnesses: [stranger, ...others], exempt };
  }
  if (exempt.length > 0) {
    return { kind: "exempt", reason: "only exempt principals get in without MFA", witnesses: exempt };
  }
  return { kind: "protected", reason: "no request without MFA is allowed" };
}

/**
 * Everyone who gets in without MFA, whatever their class: enforced or exempt. What is not known yet counts as the way
 * in that it may turn out to be.
 */
export function waysIn(policy: Policy, rules: TrustRules): readonly TrustWitness[] {
  const { enforced, exempt } = new TrustQuestion(policy, rules, new Budget(), "worst").waysIn();
  return [...enforced, ...exempt];
}

/** Whether somebody gets in whatever the values turn out to be that are not known yet. */
function isCertain(policy: Policy, rules: TrustRules, budget: Budget): boolean {
  if (!hasUnknown(policy)) return true;
  const all = policy.complete ? outcomes([policy]) : undefined;
  const isOpen = (each: Policy) =>
    new TrustQuestion(each, rules, budget, "best").waysIn().enforced.length > 0;
  return all?.every((policies) => policies.every(isOpen)) === true;
}

/**
 * The policy with another unknown value wherever a condition compares with one that is a principal, too: an account's id and
 * the ARN of one of its users are not the same text, and which of the two it will be is not known.
 */
function toldApart(policy: Policy): Policy {
  const entries = policy.statements.flatMap(({ principals }) => principals?.entries ?? []);
  const unknown = new Set(
    entries.flatMap(({ kind, text }) => (kind === "unknown" ? [identityOf(text)] : [])),
  );
  if (unknown.size === 0) return policy;
  const other = (part: Text): Text =>
    part instanceof Unknown && unknown.has(identityOf(part)) ? new Unknown(part.label) : part;
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      conditions: statement.conditions.map((condition) => ({
        ...condition,
        values: condition.values.map((value) =>
          value instanceof Unknown ? Unknown.text(value.label, partsOf(value).map(other)) : value,
        ),
      })),
    })),
  };
}

function hasUnknown({ complete, statements }: Policy): boolean {
  const isOpaque = (text: unknown) => text instanceof Unknown;
  return (
    !complete ||
    statements.some(
      ({ principals, actions, conditions, when }) =>
        when !== undefined ||
        principals?.entries.some(({ text }) => isOpaque(text)) === true ||
        actions.entries.some(isOpaque) ||
        conditions.some(({ values }) => values.some(isOpaque)),
    )
  );
}

function unknown(enforced: readonly TrustWitness[], rules: TrustRules): TrustVerdict {
  const reason = "who gets in depends on a value that is not known yet";
  const names = new Set(enforced.flatMap((each) => (each.class === "unknown" ? [each.principal] : [])));
  const exemptBy = names.size === 0 ? [] : exemptionsOf(rules);
  if (exemptBy.length === 0) return { kind: "unknown", reason, exemptBy };
  const who = `${[...names].join(", ")} may turn out to be exempt by ${exemptBy.join(", ")}`;
  return { kind: "unknown", reason: `${reason}: ${who}`, exemptBy };
}

/** The settings that exempt some of those whom `"AWS"` can name. */
function exemptionsOf({ principals, trustedPrincipalArns }: TrustRules): readonly string[] {
  return [
    ...(trustedPrincipalArns.length > 0 ? ["trustedPrincipalArns"] : []),
    ...OF_AWS.filter((judged) => principals[judged] === "exempt").map((judged) => `principals.${judged}`),
  ];
}

const OF_AWS = ["user", "role", "account"] as const;

/**
 * The ways in of strangers who use MFA: users and roles of an account, and of an organization, that may be any. No
 * account, organization or ARN in the conditions keeps them out.
 */
function anyoneWithMfa(policy: Policy, budget: Budget): readonly TrustWitness[] {
  const statements = policy.statements.filter(
    ({ effect, principals }) =>
      effect === "Deny" ||
      principals?.negated === true ||
      principals?.entries.some(({ kind }) => kind === "anyone"),
  );
  if (!statements.some(({ effect }) => effect === "Allow")) return [];
  // Any age of an MFA is more than this, so that a request with MFA counts.
  const rules: TrustRules = { ...DEFAULT_TRUST_RULES, maxMfaAgeSeconds: -1 };
  return new TrustQuestion({ ...policy, statements }, rules, budget, "worst", ANY_ACCOUNT).waysIn().enforced;
}

const ANY_ACCOUNT = new Unknown("any account", undefined, "any account");
const ANY_ORGANIZATION = new Unknown("any organization", undefined, "any organization");

/** Keys that say which organization a caller belongs to. */
const ORGANIZATION_KEYS = new Set(["aws:principalorgid", "aws:principalorgpaths"]);

const SESSION = "session";

class TrustQuestion {
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
    this.trusted = anchoredPatterns(rules.trustedPrincipalArns);
    this.contexts = contextsWithoutMfa(rules.maxMfaAgeSeconds);
  }

  waysIn(): { enforced: TrustWitness[]; exempt: TrustWitness[] } {
    const enforced: TrustWitness[] = [];
    const exempt: TrustWitness[] = [];
    const allows = this.policy.statements.filter(({ effect }) => effect === "Allow");
    for (const statement of this.policy.complete ? allows : [...allows, SOMETHING_UNKNOWN]) {
      if (this.isNeverMet(statement)) continue;
      const seen = new Set<string>();
      for (const { entry, callers } of this.named(statement)) {
        const name = nameOf(entry);
        if (seen.has(name)) continue;
        const able = callers.filter(({ wayIn }) => appliesTo(statement, wayIn, this.assumption));
        const ways = this.enforcedWays(statement, able, name);
        const [way] = ways;
        // What a principal that is not known yet will be, nobody chooses: each kind must have its way in.
        const isEnough =
          this.assumption === "worst" ||
          entry.kind !== "unknown" ||
          callers.every(({ kind, arns }) => arns === undefined || ways.some((each) => each.caller === kind));
        if (way !== undefined && isEnough) {
          enforced.push(way);
          seen.add(name);
          continue;
        }
        for (const caller of able) {
          if (this.isEnforced(caller) && this.trusted.length === 0) continue;
          const exemptWay = this.find(statement, caller, name, false);
          if (exemptWay === undefined) continue;
          exempt.push(exemptWay);
          break;
        }
      }
    }
    return { enforced, exempt };
  }

  private named(statement: Statement): readonly NamedCallers[] {
    const all = callersOf(statement, this.partition);
    const { stranger } = this;
    if (stranger === undefined) return all;
    return all.map(({ entry }) => ({ entry, callers: strangers(entry, stranger, this.partition) }));
  }

  /** The ways in of those who must prove MFA: the first one, or with the best outlook one for each kind of caller. */
  private enforcedWays(
    statement: Statement,
    callers: readonly Caller[],
    name: string,
  ): readonly TrustWitness[] {
    const found: TrustWitness[] = [];
    for (const caller of callers) {
      if (!this.isEnforced(caller)) continue;
      const way = this.find(statement, caller, name, true);
      if (way === undefined) continue;
      found.push(way);
      if (this.assumption === "worst") break;
    }
    return found;
  }

  /** The usual case, answered first: the conditions rule out every context without MFA, whoever calls. */
  private isNeverMet(statement: Statement): boolean {
    return this.contexts.every((context) => this.conditionsOf(statement, context, "user") === "never");
  }

  private deniesOf(wayIn: AssumeRoleAction): readonly Statement[] {
    return remember(this.denies, wayIn, () =>
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
    const known = remember(this.literals, statement, () => new Map());
    return remember(known, `${context.kind} ${caller}`, () =>
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

  private find(
    statement: Statement,
    caller: Caller,
    name: string,
    untrusted: boolean,
  ): TrustWitness | undefined {
    for (const context of this.contexts) {
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
    const { budget, assumption: outlook } = this;
    const fillings = this.stranger !== undefined ? "new" : outlook === "best" ? "every" : "some";
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
    const denied = remember(this.denied, principals, () => deniedBy(principals, this.partition));
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
      if (caller.kind !== "role") return { presence: "never", within: [], prefer: [] };
      const presence = caller.sessions === undefined ? "optional" : "always";
      return { presence, within: texts(caller.sessions), prefer: [] };
    }
    if (this.stranger !== undefined && ORGANIZATION_KEYS.has(variable)) {
      return { presence: "optional", within: texts(ANYWHERE), prefer: [] };
    }
    return keyDomain(variable, context, caller);
  }
}

const ANYWHERE: StringSet = [exactly(ANY_ORGANIZATION, { variables: false, ignoreCase: false })].filter(
  (each) => each !== undefined,
);

/** The keys of a request that say who calls. */
const IDENTITY: ReadonlySet<string> = new Set([CALLER_ARN, CALLER_ACCOUNT, SESSION]);

/** Services and identity providers sign no MFA, so that neither key is there. */
function canBeIn(context: MfaContext, kind: CallerKind): boolean {
  return context.kind === "absent" || (kind !== "service" && kind !== "federated");
}

function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
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
