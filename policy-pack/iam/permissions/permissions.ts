import { actionPattern, encodeAction, matchesAction } from "../encode/action";
import { ANY_ACTION, domainOf } from "../encode/domain";
import { encodeResource } from "../encode/resource";
import { encodeConditions, encodeStatement, evasions } from "../encode/statement";
import { ACTION, isNotIn } from "../encode/variable";
import { memoize } from "../memoize";
import { contextsWithoutMfa } from "../mfa-context";
import { type Policy, type Statement, statementsOf } from "../policy/model";
import type { Text } from "../policy/unknown";
import { Budget } from "../solver/budget";
import { type Clause, conjunction, negation, oneOf, unitClauses } from "../solver/formula";
import { matches, subsumes } from "../solver/match";
import { exactPattern } from "../solver/pattern";
import { solve } from "../solver/solve";

/**
 * What an action is allowed on: `own`, the caller by name; `any`, a pattern or everything; or what has this name, by an ARN
 * whose account may be a pattern.
 */
export type Target = "own" | "any" | { readonly arn: string };

/** Values of condition keys that the call itself decides, such as `iam:passedtoservice`; keys in lower case. */
export type CallKeys = Readonly<Record<string, string>>;

/** The most actions that are tried although a Deny stops them; the next one counts as allowed. */
const MOST_TRIED = 500;

/** An Allow, with a statement for each entry of its resources. */
interface Grant {
  readonly statement: Statement;
  readonly entries: readonly { readonly target: Target; readonly statement: Statement }[];
  /** The services of its actions, in lower case; `undefined` if they may be of any. */
  readonly services: ReadonlySet<string> | undefined;
}

/** Which requests are searched, and the statements that may stop or limit them. */
interface Search {
  readonly clauses: readonly Clause[];
  readonly keys: CallKeys;
  readonly denies: readonly Statement[];
  /** The Allows of the permissions boundary. */
  readonly limits: readonly Statement[] | undefined;
}

/**
 * What policies allow without MFA. What is unknown counts as allowed: an Allow may match, and a Deny may not. Conditions on
 * other keys are free, since the caller may satisfy them. More Allows never allow less, and more Denies never allow more.
 * Source: IAM user guide, "Policy evaluation logic" and "Permissions boundaries for IAM entities".
 */
export class Permissions {
  /** In the order of the policies. */
  private readonly allows: readonly Grant[];
  private readonly denies: readonly Statement[];
  /** The Allows of the permissions boundary. */
  private readonly limits: readonly Grant[] | undefined;
  private readonly targets = new Map<string, readonly Target[]>();

  /** `boundary`: the policies of a permissions boundary, which must allow a request too. */
  constructor(
    policies: readonly Policy[],
    private readonly caller: "user" | "role",
    boundary?: readonly Policy[],
  ) {
    this.allows = grantsOf(policies);
    this.denies = statementsOf([...policies, ...(boundary ?? [])], "Deny");
    this.limits = boundary && grantsOf(boundary);
  }

  /** What an action is allowed on, each once; none if it is not allowed. */
  targetsOf(action: string, keys: CallKeys = {}): readonly Target[] {
    return memoize(this.targets, JSON.stringify([action, keys]), () => {
      const denies = this.denies.filter(({ actions }) => matchesAction(actions, action) === true);
      const limits = this.limits && about(this.limits, action).map(({ statement }) => ofAnyAction(statement));
      const search = { clauses: [], keys, denies: denies.map(ofAnyAction), limits };
      const found = new Map<string, Target>();
      for (const { target, statement } of about(this.allows, action).flatMap(({ entries }) => entries)) {
        const key = JSON.stringify(target);
        if (!found.has(key) && this.isLetThrough(ofAnyAction(statement), search)) found.set(key, target);
      }
      return [...found.values()];
    });
  }

  /** Whether every action is allowed on all resources, Denies left aside. */
  coverAll(): boolean {
    return [this.allows, ...(this.limits ? [this.limits] : [])].every((allows) => {
      const clauses = allows.flatMap(({ statement }) => {
        const isMet = contextsWithoutMfa().some(
          (context) => encodeConditions(statement, { context, caller: this.caller }, "worst") !== "never",
        );
        const isFull = isMet && encodeResource(statement, "wide") === true;
        const others = isFull ? negation(conjunction(encodeAction(statement, "wide"))) : undefined;
        return others === undefined ? [] : [others];
      });
      return solve({ clauses, domain: () => ANY_ACTION, budget: new Budget() }).kind === "none";
    });
  }

  /** The actions that are allowed, as the policies write them; `*` for a `NotAction` and an unknown value. */
  written(): readonly string[] {
    return this.allows.flatMap(({ statement }) => writtenIn(statement));
  }

  /**
   * The first of some actions that is allowed, as the policies write it. `actions`: names by service, the service in lower
   * case. `except`: patterns of actions that are none of them.
   */
  firstOf(actions: ReadonlyMap<string, readonly string[]>, except: readonly string[]): string | undefined {
    const tried = new Set<string>();
    for (const allow of this.allows) {
      if (!this.allowsMore(allow, except)) continue;
      for (const written of writtenIn(allow.statement)) {
        const [service = ""] = written.toLowerCase().split(":");
        const pattern = actionPattern(written);
        for (const each of /[*?]/.test(service) ? actions.keys() : [service]) {
          for (const name of actions.get(each) ?? []) {
            const action = `${each}:${name}`;
            if (tried.has(action) || !matches(pattern, action)) continue;
            if (matchesAction(allow.statement.actions, action) === false) continue;
            if (tried.size > MOST_TRIED || this.isAllowed(action)) return written === "*" ? action : written;
            tried.add(action);
          }
        }
      }
    }
    return undefined;
  }

  /** An action beside those of these patterns that is allowed on more than the caller alone, as the policies write it. */
  somethingBeside(except: readonly string[]): string | undefined {
    const allow = this.allows.find((each) => this.allowsMore(each, except));
    if (allow === undefined) return undefined;
    const known = except.map(actionPattern);
    const isKnown = (written: string) => known.some((pattern) => subsumes(pattern, actionPattern(written)));
    return writtenIn(allow.statement).find((each) => !isKnown(each)) ?? "*";
  }

  /** Whether an action is allowed on more than the caller alone. */
  isAllowed(action: string, keys: CallKeys = {}): boolean {
    return this.targetsOf(action, keys).some((target) => target !== "own");
  }

  /** Whether an Allow lets any action through that none of these patterns matches, on more than the caller alone. */
  private allowsMore({ entries }: Grant, except: readonly string[]): boolean {
    const search = {
      clauses: [[isNotIn(ACTION, except.map(actionPattern))]],
      keys: {},
      denies: this.denies,
      limits: this.limits?.map(({ statement }) => statement),
    };
    return entries.some(({ target, statement }) => target !== "own" && this.isLetThrough(statement, search));
  }

  /** Whether an Allow, and the permissions boundary, let a request through that no Deny stops. */
  private isLetThrough(allow: Statement, { clauses, keys, denies, limits }: Search): boolean {
    return contextsWithoutMfa().some((context) => {
      const origin = { context, caller: this.caller };
      const granted = encodeStatement(allow, origin, "worst");
      if (granted === "never") return false;
      const domain = (variable: string) => {
        const given = keys[variable];
        return given === undefined ? domainOf(variable, origin) : oneOf([exactPattern(given)]);
      };
      const always = [...clauses, ...unitClauses(granted), ...evasions(denies, origin, "worst")];
      return (limits ?? [undefined]).some((limit) => {
        const limited = limit === undefined ? [] : encodeStatement(limit, origin, "worst");
        if (limited === "never") return false;
        const budget = new Budget();
        return solve({ clauses: [...always, ...unitClauses(limited)], domain, budget }).kind !== "none";
      });
    });
  }
}

function writtenIn({ actions: { negated, entries } }: Statement): readonly string[] {
  return negated ? ["*"] : entries.map((each) => (typeof each === "string" ? each : "*"));
}

const grants = new WeakMap<Statement, Grant>();

function grantsOf(policies: readonly Policy[]): readonly Grant[] {
  return statementsOf(policies, "Allow").map((statement) =>
    memoize(grants, statement, () => {
      const { resources } = statement;
      const entries =
        resources === undefined || resources.negated
          ? [{ target: "any" as const, statement }]
          : resources.entries.map((entry) => {
              const alone = { ...statement, resources: { negated: false, entries: [entry] } };
              return { target: targetOf(entry), statement: alone };
            });
      return { statement, entries, services: servicesOf(statement) };
    }),
  );
}

/** The Allows that may be about an action. */
function about(allows: readonly Grant[], action: string): readonly Grant[] {
  const [service = ""] = action.toLowerCase().split(":");
  return allows.filter(
    ({ statement, services }) =>
      services?.has(service) !== false && matchesAction(statement.actions, action) !== false,
  );
}

const ANY_ACTIONS = { negated: false, entries: ["*"] };

/** The statement for a request whose action it is known to match. */
function ofAnyAction(statement: Statement): Statement {
  return { ...statement, actions: ANY_ACTIONS };
}

function servicesOf({ actions: { negated, entries } }: Statement): ReadonlySet<string> | undefined {
  const services = entries.map((each) =>
    typeof each === "string" ? /^[^:*?]+(?=:)/.exec(each)?.[0] : undefined,
  );
  if (negated || services.includes(undefined)) return undefined;
  return new Set(services.flatMap((each) => each?.toLowerCase() ?? []));
}

/** The caller and their MFA device, as policies of self-service name them. Source: IAM user guide, "IAM policy elements: Variables". */
const OWN = /^arn:[^:]*:iam::[^:]*:(user|mfa|sms-mfa)\/(.*\/)?\$\{aws:username\}$/i;

function targetOf(entry: Text): Target {
  if (typeof entry !== "string") return "any";
  if (OWN.test(entry)) return "own";
  // An account that is a pattern leaves the name.
  const name = entry.replace(/^arn:([^:]*:){4}/, "");
  return /[*?]|\$\{/.test(name) ? "any" : { arn: entry };
}
