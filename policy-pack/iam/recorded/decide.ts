import { actionPattern, actionSet } from "../encode/action";
import { CALLER_ARN } from "../encode/condition";
import { anchoredPatterns } from "../encode/pattern-list";
import { encodeConditions, fails, isIn, isNotIn, keyDomain } from "../encode/statement";
import { ACTION, ANY_RESOURCE, RESOURCE, resourcePattern } from "../guard/unguarded";
import { contextsWithoutMfa, MFA_AGE, type MfaContext } from "../mfa-context";
import type { Policy, Statement } from "../policy/model";
import { deniedBy, partitionOf } from "../principal/caller";
import { Budget } from "../solver/budget";
import { always, type Clause, type Domain, type Literal, NEVER, opposite } from "../solver/formula";
import { atomHolds } from "../solver/key-value";
import { exactPattern, type Pattern } from "../solver/pattern";
import { solve } from "../solver/solve";
import type { StringSet } from "../solver/string-constraint";
import type { RecordedMfa, RecordedOutcome, RecordedRequest } from "./request";

const SESSION = "session";
const ID = "unique id";
/** The service or identity provider that calls. */
const NAME = "principal";

/**
 * What policies do with a request that was made: whether they stop every request that the record may stand for, or none of
 * them. The Deny statements of all policies count together. `grants`: an Allow has to let it in, as in a trust policy; without
 * it only a Deny stops.
 * Source: IAM user guide, "Policy evaluation logic".
 */
export function decideRecorded(
  request: RecordedRequest,
  policies: readonly Policy[],
  { grants }: { readonly grants: boolean },
): RecordedOutcome {
  const outcomes = new Set(
    contextsOf(request.mfa).map((context) => new InContext(request, context).outcome(policies, grants)),
  );
  const [first = "undecided", another] = outcomes;
  return another === undefined ? first : "undecided";
}

/** Any age of an MFA is more than this. */
const WITH_MFA: MfaContext = { kind: "stale", maxAgeSeconds: -1 };

function contextsOf({ kind }: RecordedMfa): readonly MfaContext[] {
  switch (kind) {
    case "absent":
    case "false":
      return [{ kind }];
    case "true":
      return [WITH_MFA];
    case "none":
      return contextsWithoutMfa();
    case "unknown":
      return [...contextsWithoutMfa(), WITH_MFA];
  }
}

/** When a statement applies: all of the literals, and one of those that name the caller where it names some only. */
interface Applies {
  readonly all: readonly Literal[];
  readonly naming?: readonly Literal[];
}

class InContext {
  private readonly budget = new Budget();
  private readonly known: ReadonlyMap<string, readonly string[] | undefined>;

  constructor(
    private readonly request: RecordedRequest,
    private readonly context: MfaContext,
  ) {
    const { actions, caller, mfa, keys } = request;
    const exact = (variable: string, texts: readonly (string | undefined)[]) => {
      const [text, another] = texts;
      const isExact = text !== undefined && another === undefined && !/[*?]/.test(text);
      return isExact ? [[variable, [text]] as const] : [];
    };
    this.known = new Map([
      ...keys,
      ...exact(ACTION, actions),
      ...exact(CALLER_ARN, [caller.arn]),
      ...exact(SESSION, [caller.session]),
      ...exact(ID, [caller.id]),
      ...exact(NAME, [caller.name]),
      ...(mfa.kind === "true" && mfa.ageSeconds !== undefined
        ? [[MFA_AGE, [String(mfa.ageSeconds)]] as const]
        : []),
    ]);
  }

  outcome(policies: readonly Policy[], grants: boolean): RecordedOutcome {
    const of = (effect: Statement["effect"]) =>
      policies.flatMap((policy) =>
        policy.statements
          .filter((each) => each.effect === effect)
          .map((statement): readonly [Statement, Policy] => [statement, policy]),
      );
    const denies = of("Deny");
    const allows = of("Allow");
    const isUndenied = denies.flatMap((each) => this.evades(...each));
    const mayPass = grants
      ? allows.some((each) => this.mayBe([...this.applies(...each), ...isUndenied]))
      : this.mayBe(isUndenied);
    if (!mayPass) return "stopped";
    const mayStop =
      denies.some((each) => this.mayBe(this.applies(...each))) ||
      (grants && this.mayBe(allows.flatMap((each) => this.evades(...each))));
    return mayStop ? "undecided" : "passes";
  }

  private mayBe(clauses: readonly Clause[]): boolean {
    const { budget } = this;
    return solve({ clauses, domain: (each) => this.domain(each), budget }).kind === "some";
  }

  /** What holds of a request to which the statement applies. */
  private applies(statement: Statement, policy: Policy): readonly Clause[] {
    const applies = this.encode(statement, policy, "widely");
    if (applies === "never") return [[]];
    const { all, naming } = applies;
    return this.decided([...all.map((literal) => [literal]), ...(naming === undefined ? [] : [naming])]);
  }

  /** What holds of a request to which the statement does not apply. */
  private evades(statement: Statement, policy: Policy): readonly Clause[] {
    const applies = this.encode(statement, policy, "narrowly");
    if (applies === "never") return [];
    const { all, naming } = applies;
    const clauses = naming === undefined ? [[]] : naming.map((each) => [opposite(each)]);
    return this.decided(clauses.map((clause) => [...clause, ...fails(all)]));
  }

  /** The clauses without the literals that what is known decides. */
  private decided(clauses: readonly Clause[]): readonly Clause[] {
    return clauses.flatMap((clause): Clause[] => {
      const open: Literal[] = [];
      for (const literal of clause) {
        const { atom, holds } = literal;
        const known = this.known.has(atom.variable)
          ? atomHolds(atom, this.known.get(atom.variable))
          : undefined;
        if (known === undefined) open.push(literal);
        else if (known === holds) return [];
      }
      return [open];
    });
  }

  private encode(statement: Statement, policy: Policy, reading: "widely" | "narrowly"): Applies | "never" {
    const { caller } = this.request;
    const place = { context: this.context, caller: caller.kind };
    const conditions = encodeConditions(statement, policy, place, "worst");
    if (conditions === "never") return "never";
    const { actions } = statement;
    const ofAction = actionSet(actions).known;
    const naming = this.naming(statement, policy);
    return {
      all: [
        actions.negated ? isNotIn(ACTION, ofAction) : isIn(ACTION, ofAction),
        ...resourceLiterals(statement, policy, reading),
        ...conditions,
      ],
      ...(naming === undefined ? {} : { naming }),
    };
  }

  /** What makes the caller one of those whom the statement names; `undefined` where it names everyone like them. */
  private naming({ principals, effect }: Statement, policy: Policy): readonly Literal[] | undefined {
    if (principals === undefined) return undefined;
    // AWS refuses `NotPrincipal` in a trust policy: whom it names is not documented.
    if (principals.negated) return [perhaps("a principal that is not named")];
    const { arns, sessions, anyone } = deniedBy(principals, partitionOf(policy.statements));
    const isOutside = this.request.caller.kind === "service" || this.request.caller.kind === "federated";
    const isEveryone = effect === "Allow" || policy.kind === "resource-control";
    if (anyone && (isEveryone || !isOutside)) return undefined;
    const called = (...kinds: readonly string[]) =>
      principals.entries.flatMap(({ kind, text }) =>
        kinds.includes(kind) && typeof text === "string" ? [exactPattern(text)] : [],
      );
    const among = (variable: string, set: StringSet) => (set.length === 0 ? [] : [isIn(variable, set)]);
    return isOutside
      ? among(NAME, called("service", "federated"))
      : [...among(CALLER_ARN, arns), ...among(SESSION, sessions), ...among(ID, called("id"))];
  }

  private domain(variable: string): Domain {
    const { actions, caller } = this.request;
    switch (variable) {
      case ACTION:
        return always({ kind: "text", set: actions.map(actionPattern) });
      case RESOURCE:
        return always(ANY_RESOURCE);
      case CALLER_ARN:
        if (caller.arn === undefined) break;
        return always({ kind: "text", set: anchoredPatterns([caller.arn]) });
      case SESSION:
        return caller.kind === "role" ? always() : NEVER;
      case ID:
      case NAME:
        return always();
    }
    return keyDomain(variable, this.context, { kind: caller.kind, ...(caller.id && { id: caller.id }) });
  }
}

/**
 * That the request is on a resource of the statement. How far a wildcard reaches AWS does not document: it is read widely where
 * what applies is asked, and narrowly where what does not. One with a policy variable may be any.
 */
function resourceLiterals(
  { resources }: Statement,
  policy: Policy,
  reading: "widely" | "narrowly",
): readonly Literal[] {
  if (resources === undefined) return [];
  const isWide = resources.negated !== (reading === "widely");
  const patterns: Pattern[] = [];
  for (const entry of resources.entries) {
    const pattern = resourcePattern(entry, policy, isWide);
    if (pattern === undefined) return [perhaps("a resource that the caller decides")];
    patterns.push(pattern);
  }
  return [resources.negated ? isNotIn(RESOURCE, patterns) : isIn(RESOURCE, patterns)];
}

/** What may hold or not. */
function perhaps(id: string): Literal {
  const { atom } = isIn(id, []);
  return { atom: { ...atom, test: { kind: "free", evenAbsent: true } }, holds: true };
}
