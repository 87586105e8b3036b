import { actionPattern } from "../encode/action";
import { allHold, encodeConditions, isIn, isNotIn } from "../encode/statement";
import { contextsWithoutMfa } from "../mfa-context";
import type { Policy, Statement } from "../policy/model";
import { Unknown } from "../policy/unknown";
import type { Home } from "../principal/caller";
import { Budget } from "../solver/budget";
import type { Clause } from "../solver/formula";
import { isEverything, type Pattern } from "../solver/pattern";
import { solve } from "../solver/solve";
import { opensSession } from "./session";
import {
  ACTION,
  domainOf,
  evasions,
  isActionOf,
  type Member,
  type Place,
  RESOURCE,
  resourcePattern,
} from "./unguarded";
import type { GuardRules } from "./verdict";

/**
 * Whether nothing that policies grant works without MFA, but the allowed actions: by the conditions of their Allows or by their
 * Denies. Weaker than a guard: what a user is allowed from elsewhere stays open. A policy that is not known yet may grant anything.
 * `home`: the account of whoever carries them, as for a guard.
 * Source: IAM user guide, "Policy evaluation logic".
 */
export function grantsRequireMfa(
  policies: readonly (Policy | Unknown)[],
  rules: GuardRules,
  home?: Home,
): boolean {
  const known = policies.filter((policy): policy is Policy => !(policy instanceof Unknown));
  if (known.length < policies.length || known.some(({ complete }) => !complete)) return false;
  const allowed = rules.allowedWithoutMfa.map(actionPattern);
  const budget = new Budget();
  const members: readonly Member[] = opensSession(known, rules, budget)
    ? ["user", "federated-user"]
    : ["user"];
  const places = members.flatMap((caller) =>
    contextsWithoutMfa().map((context): Place => ({ context, caller, home })),
  );
  return places.every((place) => {
    const clauses: readonly Clause[] = [[isNotIn(ACTION, allowed)], ...evasions(known, place, "worst")];
    return known.every((policy) =>
      policy.statements.every((allow) => {
        const grant = allow.effect === "Allow" ? grantOf(allow, policy, place) : undefined;
        if (grant === undefined) return true;
        const domain = (variable: string) => domainOf(variable, place);
        return solve({ clauses: [...grant, ...clauses], domain, budget, fillings: "some" }).kind === "none";
      }),
    );
  });
}

/** What a request has to be for the Allow to let it through, read widely. `undefined`: it never does. */
function grantOf(allow: Statement, policy: Policy, place: Place): readonly Clause[] | undefined {
  const literals = encodeConditions(allow, policy, place, "worst");
  if (literals === "never") return undefined;
  return [...allHold(literals), [isActionOf(allow)], ...resourceClauses(allow, policy)];
}

/** A resource that varies with the caller, or is not known yet, may be any. */
function resourceClauses({ resources }: Statement, policy: Policy): readonly Clause[] {
  if (resources === undefined) return [];
  const patterns = resources.entries.map((entry) => resourcePattern(entry, policy, !resources.negated));
  const exact = patterns.filter(
    (each): each is Pattern => each !== undefined && each.hasUnknown === undefined,
  );
  if (resources.negated) return [[isNotIn(RESOURCE, exact)]];
  return exact.length < patterns.length || exact.some(isEverything) ? [] : [[isIn(RESOURCE, exact)]];
}
