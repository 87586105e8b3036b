import { actionPattern, type Reading } from "../encode/action";
import { domainOf, keyDomain, type Origin } from "../encode/domain";
import { anchoredPatterns } from "../encode/policy-pattern";
import { encodeStatement } from "../encode/statement";
import { ACTION, CALLER_ARN, isIn, SESSION } from "../encode/variable";
import { contextsWithoutMfa, MFA_AGE, type MfaContext, WITH_MFA } from "../mfa-context";
import type { Policy, Statement } from "../policy/model";
import { partitionOf } from "../principal/arn";
import { idOf } from "../principal/entry";
import { namedBy } from "../principal/named";
import { Budget } from "../solver/budget";
import {
  always,
  type Clause,
  type Domain,
  type Literal,
  literal,
  NEVER,
  oneOf,
  opposite,
  unitClauses,
} from "../solver/formula";
import { atomHolds } from "../solver/key-value";
import { exactPattern, type StringSet } from "../solver/pattern";
import { solve } from "../solver/solve";
import type { RecordedMfa, RecordedOutcome, RecordedRequest } from "./request";

const ID = "Unique id";
/** The service or identity provider that calls. */
const NAME = "Principal";

/**
 * Whether policies stop a request that was made: every request that the record may stand for, or none of them. The Deny
 * statements of all policies count together. `grants`: an Allow must let it in, as in a trust policy; otherwise only a Deny
 * stops it.
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

/** When a statement applies: all of the literals hold, and one of `naming` if it names some callers only. */
interface Applies {
  readonly all: readonly Literal[];
  readonly naming?: readonly Literal[] | undefined;
}

class InContext {
  private readonly budget = new Budget();
  private readonly origin: Origin;
  private readonly known: ReadonlyMap<string, readonly string[] | undefined>;

  constructor(
    private readonly request: RecordedRequest,
    context: MfaContext,
  ) {
    const { actions, caller, mfa, keys } = request;
    this.origin = { context, caller: caller.kind, id: caller.id || undefined };
    const age = mfa.kind === "true" ? mfa.ageSeconds : undefined;
    const told = [
      [ACTION, actions.length === 1 ? actions[0] : undefined],
      [CALLER_ARN, caller.arn],
      [SESSION, caller.session],
      [ID, caller.id],
      [NAME, caller.name],
      [MFA_AGE, age?.toString()],
    ] as const;
    const exact = told.flatMap(([variable, text]) =>
      text === undefined || /[*?]/.test(text) ? [] : [[variable, [text]] as const],
    );
    this.known = new Map([...keys, ...exact]);
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

  /** That the statement may apply to the request. */
  private applies(statement: Statement, policy: Policy): readonly Clause[] {
    const applies = this.encode(statement, policy, "wide");
    if (applies === "never") return [[]];
    const { all, naming } = applies;
    return this.decided([...unitClauses(all), ...(naming === undefined ? [] : [naming])]);
  }

  /** That the statement may not apply to the request. */
  private evades(statement: Statement, policy: Policy): readonly Clause[] {
    const applies = this.encode(statement, policy, "narrow");
    if (applies === "never") return [];
    const { all, naming } = applies;
    const unnamed = naming === undefined ? [[]] : naming.map((each) => [opposite(each)]);
    return this.decided(unnamed.map((clause) => [...clause, ...all.map(opposite)]));
  }

  /** The clauses without the literals that the record decides. */
  private decided(clauses: readonly Clause[]): readonly Clause[] {
    return clauses.flatMap((clause): Clause[] => {
      const open: Literal[] = [];
      for (const each of clause) {
        const { variable } = each.atom;
        const known = this.known.has(variable) ? atomHolds(each.atom, this.known.get(variable)) : undefined;
        if (known === undefined) open.push(each);
        else if (known === each.holds) return [];
      }
      return [open];
    });
  }

  private encode(statement: Statement, policy: Policy, reading: Reading): Applies | "never" {
    const all = encodeStatement(statement, this.origin, "worst", reading);
    return all === "never" ? all : { all, naming: this.naming(statement, policy) };
  }

  /** That the caller is one of those that the statement names; `undefined` if it names everyone like the caller. */
  private naming({ principals, effect }: Statement, policy: Policy): readonly Literal[] | undefined {
    if (principals === undefined) return undefined;
    // AWS refuses `NotPrincipal` in a trust policy, and does not document whom it names there.
    if (principals.negated) {
      const id = `NotPrincipal ${principals.entries.map(idOf).join(" ")}`;
      return [literal(id, id, { kind: "free", evenAbsent: true })];
    }
    const { arns, sessions, anyone } = namedBy(principals, partitionOf(policy.statements));
    const { kind } = this.request.caller;
    const isOutside = kind === "service" || kind === "federated";
    if (anyone && (effect === "Allow" || policy.kind === "resource-control" || !isOutside)) return undefined;
    const called = (...kinds: readonly string[]) =>
      principals.entries.flatMap((entry) =>
        kinds.includes(entry.kind) && typeof entry.text === "string" ? [exactPattern(entry.text)] : [],
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
        return oneOf(actions.map(actionPattern));
      case CALLER_ARN:
        if (caller.arn === undefined) return keyDomain(variable, this.origin);
        return oneOf(anchoredPatterns([caller.arn]));
      case SESSION:
        return caller.kind === "role" ? always() : NEVER;
      case ID:
      case NAME:
        return always();
      default:
        return domainOf(variable, this.origin);
    }
  }
}
