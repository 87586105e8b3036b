import { CALLER_ACCOUNT, CALLER_ARN } from "../condition/compile";
import type { Policy, Selection, Statement } from "../document/model";
import { anchoredPatterns } from "../pattern-list";
import {
  type Caller,
  callersOf,
  isNamed,
  type Named,
  namedBy,
  type Partition,
  partitionOf,
  type WayIn,
} from "../principal/caller";
import type { PrincipalEntry } from "../principal/entry";
import { Budget } from "../solver/budget";
import type { Clause, Domain, Literal, Test } from "../solver/fact";
import { type Solution, solve } from "../solver/solve";
import type { TextSet } from "../solver/text";
import { findValue } from "../solver/value";
import {
  allHold,
  appliesTo,
  conditionFacts,
  fails,
  isIn,
  isNotIn,
  keyDomain,
  type Outlook,
} from "../statement";
import { type World, worldsWithoutMfa } from "../world";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict, type TrustWitness } from "./verdict";

/**
 * Whether somebody can assume the role without MFA: whether a request exists, in any world without MFA, that an Allow
 * lets in and no Deny stops. Conditions on other keys are free, since whoever calls may satisfy them.
 * Source: IAM user guide, "Policy evaluation logic" and "Configuring MFA-protected API access".
 */
export function decideTrust(policy: Policy, rules: TrustRules = DEFAULT_TRUST_RULES): TrustVerdict {
  const budget = new Budget();
  const worst = new TrustQuestion(policy, rules, budget, "worst").waysIn();
  if (worst.enforced.length > 0) {
    const certain = hasUnknown(policy)
      ? new TrustQuestion(policy, rules, budget, "best").waysIn().enforced
      : worst.enforced;
    const [first, ...more] = certain;
    if (first === undefined) {
      return { kind: "unknown", reason: "who gets in depends on a value that is not known yet" };
    }
    const decided = !budget.spent;
    const reason = decided
      ? "a request without MFA is allowed"
      : "the document is too complex to be proven safe in bounded work, so it counts as open";
    return { kind: "bypassable", reason, witnesses: [first, ...more], decided };
  }
  if (worst.exempt.length > 0) {
    return { kind: "exempt", reason: "only exempt principals get in without MFA", witnesses: worst.exempt };
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

function hasUnknown({ complete, statements }: Policy): boolean {
  return (
    !complete ||
    statements.some(
      ({ principals, actions, conditions }) =>
        principals?.entries.some((entry) => entry.kind === "unknown") === true ||
        actions.entries.some((entry) => typeof entry !== "string") ||
        conditions.some(({ values }) => values.some((value) => typeof value !== "string")),
    )
  );
}

const SESSION = "session";

class TrustQuestion {
  private readonly partition: Partition;
  private readonly trusted: TextSet;
  private readonly worlds: readonly World[];
  // A document may name hundreds of callers, and each is held against every Deny: what is the same for all of them
  // is worked out once.
  private readonly denies = new Map<WayIn, readonly Statement[]>();
  private readonly facts = new Map<Statement, Map<string, "never" | readonly Literal[]>>();
  private readonly named = new Map<Selection<PrincipalEntry>, Named>();

  constructor(
    private readonly policy: Policy,
    private readonly rules: TrustRules,
    private readonly budget: Budget,
    private readonly outlook: Outlook,
  ) {
    this.partition = partitionOf(policy.statements);
    this.trusted = anchoredPatterns(rules.trustedPrincipalArns);
    this.worlds = worldsWithoutMfa(rules.maxMfaAgeSeconds);
  }

  waysIn(): { enforced: TrustWitness[]; exempt: TrustWitness[] } {
    const enforced: TrustWitness[] = [];
    const exempt: TrustWitness[] = [];
    if (!this.policy.complete && this.outlook === "best") return { enforced, exempt };
    const allows = this.policy.statements.filter(({ effect }) => effect === "Allow");
    for (const statement of this.policy.complete ? allows : [...allows, SOMETHING_UNKNOWN]) {
      if (this.isNeverMet(statement)) continue;
      const seen = new Set<string>();
      for (const caller of callersOf(statement, this.partition)) {
        const name =
          caller.entry.kind === "unknown" ? "a principal that is not known yet" : caller.entry.written;
        if (seen.has(name) || !appliesTo(statement, caller.wayIn, this.outlook)) continue;
        const isEnforced = this.isEnforced(caller);
        const enforcedWay = isEnforced ? this.find(statement, caller, name, true) : undefined;
        if (enforcedWay !== undefined) {
          enforced.push(enforcedWay);
          seen.add(name);
        } else if (!isEnforced || this.trusted.length > 0) {
          const exemptWay = this.find(statement, caller, name, false);
          if (exemptWay !== undefined) exempt.push(exemptWay);
        }
      }
    }
    return { enforced, exempt };
  }

  /** The usual case, answered first: the conditions rule out every world without MFA, whoever calls. */
  private isNeverMet(statement: Statement): boolean {
    return this.worlds.every((world) => this.conditionsOf(statement, world, false) === "never");
  }

  private deniesOf(wayIn: WayIn): readonly Statement[] {
    return remember(this.denies, wayIn, () =>
      this.policy.statements.filter(
        (statement) => statement.effect === "Deny" && appliesTo(statement, wayIn, this.outlook),
      ),
    );
  }

  private conditionsOf(
    statement: Statement,
    world: World,
    callerHasArn: boolean,
  ): "never" | readonly Literal[] {
    const known = remember(this.facts, statement, () => new Map());
    return remember(known, `${world.kind} ${callerHasArn}`, () =>
      conditionFacts(statement, this.policy, { world, callerHasArn }, this.outlook),
    );
  }

  private namedBy(principals: Selection<PrincipalEntry>): Named {
    return remember(this.named, principals, () => namedBy(principals, this.partition));
  }

  private isEnforced({ class: judged }: Caller): boolean {
    if (judged === "unknown") return this.outlook === "worst";
    return judged === "anyone" || this.rules.principals[judged] === "enforce";
  }

  private find(
    statement: Statement,
    caller: Caller,
    name: string,
    untrusted: boolean,
  ): TrustWitness | undefined {
    for (const world of this.worlds) {
      const clauses = this.clauses(statement, caller, world, untrusted);
      const domain = (variable: string) => this.domain(variable, caller, world);
      const solution: Solution =
        clauses === undefined ? { kind: "none" } : solve({ clauses, domain, budget: this.budget });
      if (solution.kind === "none") continue;
      const request = new Map(solution.model);
      for (const variable of [CALLER_ARN, SESSION]) {
        if (request.has(variable) || domain(variable).within.length === 0) continue;
        const answer = findValue(domain(variable), [], this.budget);
        if (answer.kind === "found") request.set(variable, answer.value.texts);
      }
      return {
        statement: statement.index,
        ...(statement.sid === undefined ? {} : { sid: statement.sid }),
        principal: name,
        class: caller.class,
        action: caller.wayIn,
        world,
        request,
        // Whose unique id it is, the document does not say.
        exact: solution.exact && caller.entry.kind !== "id",
      };
    }
    return undefined;
  }

  /** What must hold for this Allow to let the caller in and for no Deny to fire. `undefined`: it cannot. */
  private clauses(allow: Statement, caller: Caller, world: World, untrusted: boolean): Clause[] | undefined {
    const callerHasArn = caller.arns !== undefined;
    const facts = this.conditionsOf(allow, world, callerHasArn);
    if (facts === "never") return undefined;
    const clauses = allHold(facts);
    if (allow.principals?.negated === true) {
      const named = this.namedBy(allow.principals);
      const is = isNamed(named, caller);
      if (is === "yes" || (named.hasUnknown && this.outlook === "best")) return undefined;
      if (callerHasArn) for (const literal of are(named, isNotIn)) clauses.push([literal, MAY_BE_LET_IN]);
    }
    if (untrusted && this.trusted.length > 0 && callerHasArn) {
      clauses.push([isNotIn(CALLER_ARN, this.trusted)], [isNotIn(SESSION, this.trusted)]);
    }
    for (const deny of this.deniesOf(caller.wayIn)) {
      const unmet = this.conditionsOf(deny, world, callerHasArn);
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
    const named = this.namedBy(principals);
    const is = isNamed(named, caller);
    if (principals.negated) {
      if (is !== "depends" || (named.hasUnknown && this.outlook === "worst")) return [];
      if (caller.arns === undefined) return [[]];
      const ofTheirRole = named.sessions.map(({ session, roles }) => [
        isNotIn(SESSION, session),
        isIn(CALLER_ARN, roles),
      ]);
      return [are(named, isIn), ...ofTheirRole];
    }
    if (is === "yes" || (named.hasUnknown && this.outlook === "best")) return [[]];
    return caller.arns === undefined ? [] : are(named, isNotIn).map((literal) => [literal]);
  }

  private domain(variable: string, caller: Caller, world: World): Domain {
    const texts = (set: TextSet | undefined): Test[] => (set === undefined ? [] : [{ kind: "text", set }]);
    if (variable === CALLER_ARN && caller.arns !== undefined) {
      return { presence: "always", within: texts(caller.arns), prefer: EXAMPLE_CALLERS };
    }
    if (variable === CALLER_ACCOUNT && caller.arns !== undefined) return ALWAYS;
    if (variable === SESSION) {
      const presence = caller.sessions === undefined ? "optional" : "always";
      return { presence, within: texts(caller.sessions), prefer: [] };
    }
    return keyDomain(variable, world);
  }
}

/**
 * Beside Deny, AWS documents that NotPrincipal leaves out only those whose account, role and session are all named.
 * Read alike, it would let in beside Allow whom it names, so that nothing rests on whom it leaves out.
 * Source: IAM user guide, "AWS JSON policy elements: NotPrincipal".
 */
const MAY_BE_LET_IN: Literal = {
  fact: {
    id: "NotPrincipal beside Allow",
    variable: "NotPrincipal undocumented",
    quantifier: "one",
    opposite: false,
    ifAbsent: false,
    test: { kind: "free", evenAbsent: true },
  },
  holds: true,
};

/** The caller's place in, or outside, what is named: one literal for the ARN and one for the session. */
function are(named: Named, is: (variable: string, set: TextSet) => Literal): Literal[] {
  const sessions = named.sessions.flatMap(({ session }) => session);
  return [
    ...(named.arns.length > 0 ? [is(CALLER_ARN, named.arns)] : []),
    ...(sessions.length > 0 ? [is(SESSION, sessions)] : []),
  ];
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
  principals: { negated: false, entries: [{ kind: "anyone", written: "*" }] },
  actions: { negated: false, entries: ["*"] },
  conditions: [],
};

/** Whoever has an ARN has an account. */
const ALWAYS: Domain = { presence: "always", within: [], prefer: [] };

const EXAMPLE_CALLERS = [
  "arn:aws:iam::111122223333:user/alice",
  "arn:aws:iam::444455556666:user/mallory",
  "arn:aws:iam::111122223333:role/deploy",
];
