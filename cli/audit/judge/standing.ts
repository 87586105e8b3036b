import {
  type AssumableBy,
  assumableBy,
  decideGuard,
  decideTrust,
  type GuardVerdict,
  parsePolicy,
  Unknown,
} from "aws-mfa-policy-pack/iam";
import type { Credential, Holder, IamGraph, Resource } from "aws-mfa-policy-pack/iam-graph";
import {
  type GroupConfig,
  guardOf,
  type RoleConfig,
  trustOf,
  trustRules,
  type UserConfig,
  type userVerdict,
} from "aws-mfa-policy-pack/rules";
import type { Standing } from "../report";

/** How somebody stands, and why in one sentence. */
export interface Stands {
  readonly standing: Standing;
  readonly reason: string;
}

const stands = (standing: Standing, reason: string): Stands => ({ standing, reason });

/** How a role stands by its trust policy, and whom that lets in. */
export function roleStands(
  role: Resource,
  config: RoleConfig,
): Stands & { readonly reach?: readonly AssumableBy[] } {
  const trust = trustOf(role);
  if (trust === undefined) return stands("unknown", "Its trust policy is not declared here.");
  if (trust.kind === "unknown") return stands("unknown", "Its trust policy is not known yet.");
  if (trust.kind === "refused") {
    return stands("unknown", "Its trust policy is none that AWS accepts, so it cannot be judged.");
  }
  const verdict = decideTrust(trust.policy, trustRules(config));
  const reach = assumableBy(trust.policy);
  switch (verdict.kind) {
    case "protected":
      return {
        ...stands(
          "protected",
          reach.length === 0 ? "Nobody can assume it." : "Nobody can assume it without MFA.",
        ),
        reach,
      };
    case "exempt": {
      const names = verdict.witnesses.map(({ principal }) => principal);
      return { ...stands("exempt", `Without MFA only ${few(names)} can assume it: exempt.`), reach };
    }
    case "anyone-with-mfa":
      return {
        ...stands("open", "Anyone can assume it with the MFA of any account in the world."),
        reach,
      };
    case "unknown":
      return {
        ...stands("unknown", "Who can assume it depends on a value that is not known yet."),
        reach,
      };
    case "bypassable": {
      const names = verdict.witnesses.map(({ principal }) => principal);
      const reason = verdict.decided
        ? `${few(names)} can assume it without MFA.`
        : "Its trust policy is too complex to be proven safe.";
      return { ...stands("open", reason), reach };
    }
  }
}

export function groupStands(stack: IamGraph, group: Holder, config: GroupConfig): Stands {
  const { verdict } = guardOf(stack.carriedBy(group), config);
  switch (verdict.kind) {
    case "guarded":
      return stands("protected", "Its members can do nothing without MFA but enrol a device.");
    case "unknown":
      return stands("unknown", "A policy that it carries is not known, and the others are no guard.");
    case "open":
      return stands("open", `No policy of it denies ${actionOf(verdict)} without MFA.`);
  }
}

/** How a user stands. `all`: whether every credential of the user is known, as in an account. */
export function userStands(
  verdict: ReturnType<typeof userVerdict>,
  credentials: readonly Credential[],
  all: "known" | "declared" | "unread",
): Stands {
  if (verdict.kind === "guarded") {
    const by = [...(verdict.ownPolicies ? ["policies of their own"] : []), ...verdict.groups];
    return stands("protected", `Held to MFA by ${few(by)}.`);
  }
  if (verdict.kind === "unknown") {
    return stands("unknown", "A policy or a membership is not known, and the others hold nobody to MFA.");
  }
  if (all === "unread") {
    return stands("unknown", "Nothing holds the user to MFA, and which credentials there are is not known.");
  }
  if (credentials.length > 0) {
    const what = [...new Set(credentials.map((each) => each.what))].join(" and ");
    return stands("open", `Has ${what}, and nothing holds the user to MFA.`);
  }
  return all === "known"
    ? stands("protected", "Has no password and no active access key to come in with.")
    : stands("unknown", "Nothing here holds the user to MFA, and no credentials are declared here.");
}

/** How a policy stands that is looked at alone: it is a guard, or what it is part of decides. */
export function policyStands(document: unknown, config: Pick<UserConfig, "allowedWithoutMfa">): Stands {
  const verdict = guardVerdict(document, config);
  if (verdict === undefined) {
    return stands("unknown", "It is no policy document that AWS accepts, so it cannot be judged.");
  }
  return verdict.kind === "guarded"
    ? stands("protected", "Whoever carries it can do nothing without MFA but enrol a device.")
    : stands("unknown", "It is no guard by itself: what else its holders carry decides.");
}

/** Whether a policy alone guards whoever carries it; `undefined` for a document that AWS refuses. */
export function guardVerdict(
  document: unknown,
  { allowedWithoutMfa }: Pick<UserConfig, "allowedWithoutMfa">,
): GuardVerdict | undefined {
  const rules = allowedWithoutMfa === undefined ? undefined : { allowedWithoutMfa };
  if (document instanceof Unknown) return decideGuard([document], rules);
  const parsed = parsePolicy(document, "identity");
  return parsed.ok ? decideGuard([parsed.policy], rules) : undefined;
}

/** Whether a document denies something for want of MFA, and so is meant to hold somebody to it. */
export function deniesForWantOfMfa(document: unknown): boolean {
  const parsed = parsePolicy(document, "identity");
  return (
    parsed.ok &&
    parsed.policy.statements.some(
      ({ effect, conditions }) =>
        effect === "Deny" && conditions.some(({ key }) => key.startsWith("aws:multifactorauth")),
    )
  );
}

function actionOf(verdict: Extract<GuardVerdict, { kind: "open" }>): string {
  return verdict.decided ? verdict.witness.action : "everything";
}

/** The first two, and how many more there are. */
export function few(names: readonly string[]): string {
  const [first = "nobody", second, ...more] = [...new Set(names)];
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
}
