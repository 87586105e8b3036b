import { actionPattern } from "../encode/action";
import { domainOf, type Origin } from "../encode/domain";
import { encodeStatement, evasions } from "../encode/statement";
import { ACTION, isNotIn } from "../encode/variable";
import { contextsWithoutMfa } from "../mfa-context";
import { type Policy, statementsOf } from "../policy/model";
import { Unknown } from "../policy/unknown";
import type { Home } from "../principal/arn";
import { Budget } from "../solver/budget";
import { type Clause, unitClauses } from "../solver/formula";
import { solve } from "../solver/solve";
import { opensSession } from "./session";
import type { GuardRules, GuardWitness } from "./verdict";

/**
 * Whether policies grant nothing without MFA but the allowed actions, by the conditions of their Allows or by their Denies.
 * Weaker than a guard: what other policies grant a user stays open. An unknown policy may grant anything.
 * `home`: the account of the user, as for a guard.
 * Source: IAM user guide, "Policy evaluation logic".
 */
export function grantsRequireMfa(
  policies: readonly (Policy | Unknown)[],
  rules: GuardRules,
  home?: Home,
): boolean {
  const known = policies.filter((policy): policy is Policy => !(policy instanceof Unknown));
  if (known.length < policies.length || known.some(({ complete }) => !complete)) return false;
  const [allows, denies] = [statementsOf(known, "Allow"), statementsOf(known, "Deny")];
  const others = isNotIn(ACTION, rules.allowedWithoutMfa.map(actionPattern));
  const budget = new Budget();
  const callers: readonly GuardWitness["caller"][] = opensSession(known, rules, budget)
    ? ["user", "federated-user"]
    : ["user"];
  return callers.every((caller) =>
    contextsWithoutMfa().every((context) => {
      const origin: Origin = { context, caller, home };
      const domain = (variable: string) => domainOf(variable, origin);
      const clauses: readonly Clause[] = [[others], ...evasions(denies, origin, "worst")];
      return allows.every((allow) => {
        const grant = encodeStatement(allow, origin, "worst");
        if (grant === "never") return true;
        return solve({ clauses: [...unitClauses(grant), ...clauses], domain, budget }).kind === "none";
      });
    }),
  );
}
