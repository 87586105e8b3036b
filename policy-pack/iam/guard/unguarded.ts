import { actionPattern } from "../encode/action";
import { domainOf } from "../encode/domain";
import { anchoredPatterns } from "../encode/policy-pattern";
import { keysOf } from "../encode/request";
import { type Assumption, evasions } from "../encode/statement";
import { ACTION, CALLER_ARN, isNotIn, RESOURCE } from "../encode/variable";
import { contextsWithoutMfa, type MfaContext } from "../mfa-context";
import { type Policy, statementsOf } from "../policy/model";
import type { Home } from "../principal/arn";
import type { Budget } from "../solver/budget";
import type { Domain, Literal } from "../solver/formula";
import { matches } from "../solver/match";
import { solve } from "../solver/solve";
import { EXAMPLE_ACTIONS } from "./actions";
import type { GuardRules, GuardWitness } from "./verdict";

/**
 * How a request is made: in any way, by the caller, or by one of AWS's managed MCP servers, which calls on for a caller
 * without a call of the caller's own that a guard could stop.
 * Source: IAM user guide, "aws:CalledVia", "aws:ViaAWSService", "aws:ViaAWSMCPService".
 */
export type Call = "any" | "own" | "mcp";

/** Also `aws:CalledViaFirst` and `aws:CalledViaLast`. */
export const CALLED_VIA = "aws:calledvia";

/** The domain of a key that says how a request is made; `undefined` for every other key. */
function callDomain(key: string, call: Call): Domain | undefined {
  if (call === "any") return undefined;
  const isMcp = call === "mcp";
  const domain = (presence: Domain["presence"], text: string): Domain => ({
    presence,
    within: [{ kind: "text", set: anchoredPatterns([text]) }],
    prefer: [],
  });
  if (key === "aws:viaawsservice") return domain("always", String(isMcp));
  if (key === "aws:viaawsmcpservice") return domain(isMcp ? "always" : "optional", String(isMcp));
  if (key.startsWith(CALLED_VIA)) return domain(isMcp ? "optional" : "never", "*mcp*");
  return undefined;
}

/** What is asked of the policies of a user or group. */
export interface GuardQuery {
  readonly policies: readonly Policy[];
  readonly rules: GuardRules;
  readonly budget: Budget;
  readonly assumption: Assumption;
  readonly calls: readonly Call[];
  /** Actions to try first. */
  readonly likely: readonly string[];
  /** The account of the user; without it, any. */
  readonly home?: Home | undefined;
}

/** Which requests are searched. */
interface Wanted {
  readonly caller: GuardWitness["caller"];
  readonly contexts: readonly MfaContext[];
  readonly action: Literal;
}

/** A request of the user without MFA that no Deny stops. */
export function findUnguarded(query: GuardQuery): GuardWitness | undefined {
  const action = isNotIn(ACTION, query.rules.allowedWithoutMfa.map(actionPattern));
  return findRequest(query, { caller: "user", contexts: contextsWithoutMfa(), action });
}

/** A wanted request that no Deny stops. */
export function findRequest(
  { policies, budget, assumption, calls, likely, home }: GuardQuery,
  { caller, contexts, action }: Wanted,
): GuardWitness | undefined {
  const prefer = new Map([
    [ACTION, [...EXAMPLE_ACTIONS.slice(0, 24), ...likely]],
    [RESOURCE, ["*", "arn:aws:s3:::example-bucket"]],
    [CALLER_ARN, [EXAMPLE_CALLERS[caller]]],
  ]);
  const denies = statementsOf(policies, "Deny");
  for (const context of contexts) {
    const origin = { context, caller, home };
    const clauses = [[action], ...evasions(denies, origin, assumption)];
    for (const call of calls) {
      const domain = (variable: string) => {
        const known = callDomain(variable, call) ?? domainOf(variable, origin);
        return { ...known, prefer: prefer.get(variable) ?? known.prefer };
      };
      const solution = solve({ clauses, domain, budget, fillings: assumption === "best" ? "every" : "some" });
      if (solution.kind === "none") continue;
      const chosen = (variable: string) => solution.model.get(variable)?.[0];
      return {
        action: actionName(chosen(ACTION) ?? "s3:ListAllMyBuckets", policies),
        resource: chosen(RESOURCE) ?? "*",
        context,
        caller,
        ...keysOf(solution.model, caller, policies),
        exact: solution.exact,
      };
    }
  }
  return undefined;
}

const EXAMPLE_CALLERS = {
  user: "arn:aws:iam::111122223333:user/alice",
  "federated-user": "arn:aws:sts::111122223333:federated-user/alice",
} as const;

/** The action as it is known or written; otherwise the narrowest written pattern that matches it. */
function actionName(found: string, policies: readonly Policy[]): string {
  const known = EXAMPLE_ACTIONS.find((each) => each.toLowerCase() === found.toLowerCase());
  if (known !== undefined) return known;
  const entries = policies
    .flatMap(({ statements }) => statements.flatMap(({ actions }) => actions.entries))
    .filter((entry) => typeof entry === "string")
    .filter((entry) => entry !== "*" && matches(actionPattern(entry), found))
    .sort((a, b) => b.length - a.length);
  return entries.find((entry) => !/[*?]/.test(entry)) ?? entries[0] ?? found;
}
