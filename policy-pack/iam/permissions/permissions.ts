import { actionPattern, isAbout } from "../encode/action";
import { CALLER_ARN } from "../encode/condition";
import { allHold, encodeConditions, fails, isIn, isNotIn, keyDomain } from "../encode/statement";
import {
  ACTION,
  ANY_ACTION,
  ANY_RESOURCE,
  actionEscape,
  isActionOf,
  RESOURCE,
  resourceEscape,
  resourcePattern,
} from "../guard/unguarded";
import { memoize } from "../memoize";
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import type { Policy, Statement } from "../policy/model";
import type { Text } from "../policy/unknown";
import { ANY_USER } from "../principal/caller";
import { Budget } from "../solver/budget";
import { always, type Clause, type Domain, opposite } from "../solver/formula";
import { exactPattern, isEverything, matches, subsumes } from "../solver/pattern";
import { solve } from "../solver/solve";

/** What an action is allowed on: `own`, the caller by name; `any`, a pattern or all; or what has this name, by an ARN whose account may be a pattern. */
export type Target = "own" | "any" | { readonly arn: string };

/** Values of condition keys that the call itself decides, such as `iam:passedtoservice`; keys in lower case. */
export type CallKeys = Readonly<Record<string, string>>;

/** As many actions that a Deny stops are tried; beyond it the next one counts as allowed. */
const MOST_TRIED = 500;

interface Placed {
  readonly statement: Statement;
  readonly policy: Policy;
  /** The services that its actions are of, in lower case; `undefined` where they may be of any. */
  readonly services: ReadonlySet<string> | undefined;
}

/**
 * What policies allow without MFA, as far as they are known: what may be allowed is, and a Deny that may not fire does not.
 * Conditions on other keys are free, since whoever calls may satisfy them. More Allows never allow less, and more Denies
 * never allow more.
 * Source: IAM user guide, "Policy evaluation logic" and "Permissions boundaries for IAM entities".
 */
export class Permissions {
  /** The statements that allow something, in the order of the policies. */
  private readonly allows: readonly Placed[];
  private readonly denies: readonly Placed[];
  private readonly targets = new Map<string, readonly Target[]>();

  /** `boundary`: the policies of a permissions boundary, which have to allow it too; `undefined` without one. */
  constructor(
    policies: readonly Policy[],
    private readonly caller: "user" | "role",
    private readonly boundary?: readonly Policy[],
  ) {
    this.allows = statementsOf(policies, "Allow");
    this.denies = statementsOf([...policies, ...(boundary ?? [])], "Deny");
  }

  /** What an action is allowed on, each once; none where it is not allowed. */
  targetsOf(action: string, keys: CallKeys = {}): readonly Target[] {
    return memoize(this.targets, JSON.stringify([action, keys]), () => this.findTargets(action, keys));
  }

  /** Whether there is no action that is not allowed on all resources, Denies left aside. */
  coverAll(): boolean {
    return [this.allows, ...(this.boundary ? [statementsOf(this.boundary, "Allow")] : [])].every((allows) => {
      const full = allows.filter(
        (each) =>
          each.statement.resources?.negated === false &&
          entriesOf(each.statement, each.policy).some(
            ({ target, clauses }) => target === "any" && clauses.length === 0,
          ) &&
          contextsWithoutMfa().some((context) => this.conditions(each, context) !== "never"),
      );
      const clauses = full.map(({ statement }): Clause => [opposite(isActionOf(statement))]);
      const domain = () => always(ANY_ACTION);
      return solve({ clauses, domain, budget: new Budget() }).kind === "none";
    });
  }

  /** The actions that are allowed, as the policies write them; `*` for a `NotAction` and what is not known. */
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
            if (isAbout(allow.statement.actions, action) === false) continue;
            if (tried.size > MOST_TRIED || this.isAllowed(action)) return written === "*" ? action : written;
            tried.add(action);
          }
        }
      }
    }
    return undefined;
  }

  /** Some action that is allowed on more than the caller alone, as the policies write it, beside those of these patterns. */
  somethingBeside(except: readonly string[]): string | undefined {
    const allow = this.allows.find((each) => this.allowsMore(each, except));
    const known = except.map(actionPattern);
    return (
      allow &&
      (writtenIn(allow.statement).find(
        (each) => !known.some((pattern) => subsumes(pattern, actionPattern(each))),
      ) ??
        "*")
    );
  }

  /** Whether a statement lets any action through, on more than the caller alone, that none of these patterns matches. */
  private allowsMore(allow: Placed, except: readonly string[]): boolean {
    const limits = this.boundary && statementsOf(this.boundary, "Allow");
    const beside: Clause[] = [[isNotIn(ACTION, except.map(actionPattern))]];
    return entriesOf(allow.statement, allow.policy).some(
      ({ target, clauses }) =>
        target !== "own" && this.isLetThrough(allow, [...clauses, ...beside], this.denies, limits),
    );
  }

  /** Whether an action is allowed on more than the caller alone. */
  isAllowed(action: string, keys: CallKeys = {}): boolean {
    return this.targetsOf(action, keys).some((target) => target !== "own");
  }

  private findTargets(action: string, keys: CallKeys): readonly Target[] {
    const denies = this.denies.filter(({ statement }) => isAbout(statement.actions, action) === true);
    const limits = this.boundary && about(statementsOf(this.boundary, "Allow"), action);
    const found = new Map<string, Target>();
    for (const allow of about(this.allows, action)) {
      for (const entry of entriesOf(allow.statement, allow.policy)) {
        const key = JSON.stringify(entry.target);
        if (!found.has(key) && this.isLetThrough(allow, entry.clauses, denies, limits, keys))
          found.set(key, entry.target);
      }
    }
    return [...found.values()];
  }

  /** Whether a request gets through that meets the clauses. `keys`: of a call whose action decides which statements are given. */
  private isLetThrough(
    allow: Placed,
    asked: readonly Clause[],
    denies: readonly Placed[],
    limits: readonly Placed[] | undefined,
    keys?: CallKeys,
  ): boolean {
    const within: readonly (Placed | undefined)[] = limits ?? [undefined];
    return contextsWithoutMfa().some((context) => {
      const stopping = denies.flatMap((deny) => this.evasion(deny, context, keys === undefined) ?? []);
      return within.some((limit) => {
        const clauses: Clause[] = [...asked];
        for (const each of limit === undefined ? [allow] : [allow, limit]) {
          const literals = this.conditions(each, context);
          if (literals === "never") return false;
          clauses.push(...allHold(literals));
          if (keys === undefined) clauses.push([isActionOf(each.statement)]);
        }
        clauses.push(...stopping);
        const budget = new Budget();
        const domain = (variable: string) => this.domain(variable, context, keys ?? {});
        const entries = limit === undefined ? ANYWHERE : entriesOf(limit.statement, limit.policy);
        return entries.some(
          (entry) => solve({ clauses: [...clauses, ...entry.clauses], domain, budget }).kind !== "none",
        );
      });
    });
  }

  /** What keeps a Deny from firing, `undefined` for one that never does. */
  private evasion(deny: Placed, context: MfaContext, anyAction: boolean): readonly Clause[] | undefined {
    const literals = this.conditions(deny, context);
    const action = anyAction ? actionEscape(deny.statement, "worst") : [];
    const elsewhere = resourceEscape(deny.statement, deny.policy, "worst");
    if (literals === "never" || action === undefined || elsewhere === undefined) return undefined;
    return [[...action, ...elsewhere, ...fails(literals)]];
  }

  private conditions({ statement, policy }: Placed, context: MfaContext) {
    return encodeConditions(statement, policy, { context, caller: this.caller }, "worst");
  }

  private domain(variable: string, context: MfaContext, keys: CallKeys): Domain {
    const given = keys[variable];
    if (given !== undefined) return always({ kind: "text", set: [exactPattern(given)] });
    if (variable === ACTION) return always(ANY_ACTION);
    if (variable === RESOURCE) return always(ANY_RESOURCE);
    if (variable === CALLER_ARN)
      return this.caller === "user" ? always({ kind: "text", set: ANY_USER }) : always();
    return keyDomain(variable, context, { kind: this.caller });
  }
}

const ANYWHERE: readonly { readonly clauses: readonly Clause[] }[] = [{ clauses: [] }];

function writtenIn({ actions: { negated, entries } }: Statement): readonly string[] {
  return negated ? ["*"] : entries.map((each) => (typeof each === "string" ? each : "*"));
}

function statementsOf(policies: readonly Policy[], effect: Statement["effect"]): readonly Placed[] {
  return policies.flatMap((policy) =>
    policy.statements
      .filter((each) => each.effect === effect)
      .map((statement) => ({ statement, policy, services: servicesOf(statement) })),
  );
}

function about(allows: readonly Placed[], action: string): readonly Placed[] {
  const [service = ""] = action.toLowerCase().split(":");
  return allows.filter(
    ({ statement, services }) =>
      services?.has(service) !== false && isAbout(statement.actions, action) !== false,
  );
}

function servicesOf({ actions: { negated, entries } }: Statement): ReadonlySet<string> | undefined {
  const services = entries.map((each) =>
    typeof each === "string" ? /^[^:*?]+(?=:)/.exec(each)?.[0] : undefined,
  );
  if (negated || services.includes(undefined)) return undefined;
  return new Set(services.flatMap((each) => each?.toLowerCase() ?? []));
}

/** What each entry of a statement's resources is, and what a request has to be to be on one of them. */
function entriesOf(
  { resources }: Statement,
  policy: Policy,
): readonly { readonly target: Target; readonly clauses: readonly Clause[] }[] {
  if (resources === undefined) return [{ target: "any", clauses: [] }];
  if (resources.negated) {
    const left = resources.entries.flatMap((entry) => resourcePattern(entry, policy, false) ?? []);
    const known = left.filter((each) => each.hasUnknown === undefined);
    return [{ target: "any", clauses: [[isNotIn(RESOURCE, known)]] }];
  }
  return resources.entries.map((entry) => {
    const read = resourcePattern(entry, policy, true);
    const isFree = read === undefined || read.hasUnknown === true || isEverything(read);
    return { target: targetOf(entry), clauses: isFree ? [] : [[isIn(RESOURCE, [read])]] };
  });
}

/** The caller and their device, as policies of self-service name them. Source: IAM user guide, "IAM policy elements: Variables". */
const OWN = /^arn:[^:]*:iam::[^:]*:(user|mfa|sms-mfa)\/(.*\/)?\$\{aws:username\}$/i;

function targetOf(entry: Text): Target {
  if (typeof entry !== "string") return "any";
  if (OWN.test(entry)) return "own";
  // One name in any account is one name still.
  const name = entry.replace(/^arn:([^:]*:){4}/, "");
  return /[*?]|\$\{/.test(name) ? "any" : { arn: entry };
}
