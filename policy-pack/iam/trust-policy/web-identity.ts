import { anchoredPatterns } from "../encode/pattern-list";
import { allHold, appliesTo, encodeConditions, fails, keyDomain } from "../encode/statement";
import type { MfaContext } from "../mfa-context";
import type { Policy, Statement } from "../policy/model";
import { type Caller, callersOf, deniedBy, mayBeDenied, partitionOf } from "../principal/caller";
import { nameOf, type PrincipalEntry } from "../principal/entry";
import { Budget } from "../solver/budget";
import { always, type Clause, type Domain } from "../solver/formula";
import { solve } from "../solver/solve";

/** An identity provider that gives a token to anybody. */
interface PublicProvider {
  /** Its issuer without `https://`, which begins its condition keys. */
  readonly issuer: string;
  /**
   * The claims that say whose token it is, each with the form that a stranger's has: `{}` is a name that the stranger
   * chooses, and that nobody else has. Any other claim is the stranger's to choose.
   */
  readonly strangers: Readonly<Record<string, string>>;
  /** What to ask of the token, for a fix. */
  readonly condition: string;
}

/**
 * Source: IAM user guide, "Create a role for OpenID Connect federation", which has AWS's own checks of shared providers,
 * and each provider's page on the claims of its tokens.
 */
const PROVIDERS: readonly PublicProvider[] = [
  // A stranger may call a reusable workflow of anybody's, so that `job_workflow_ref` says nothing.
  provider(
    "token.actions.githubusercontent.com",
    { sub: "repo:{}/*", repository: "{}/*", repository_id: "{}", actor: "{}", actor_id: "{}" },
    ["sub", "repo:<organization>/<repository>:*"],
  ),
  provider("gitlab.com", { sub: "project_path:{}/*" }, ["sub", "project_path:<group>/<project>:*"]),
  provider("app.terraform.io", { sub: "organization:{}:*" }, ["sub", "organization:<organization>:*"]),
  provider("agent.buildkite.com", { sub: "organization:{}:*" }, ["sub", "organization:<organization>:*"]),
  provider("oidc.vercel.com", { sub: "owner:{}:*", aud: "https://vercel.com/{}" }, ["sub", "owner:<team>:*"]),
  provider("accounts.google.com", { aud: "{}", sub: "{}", oaud: "{}" }, ["aud", "<client id>"]),
  provider("www.amazon.com", { app_id: "{}", user_id: "{}" }, ["app_id", "<app id>"]),
  provider("graph.facebook.com", { app_id: "{}", id: "{}" }, ["app_id", "<app id>"]),
  provider("cognito-identity.amazonaws.com", { aud: "{}", sub: "{}" }, ["aud", "<identity pool id>"]),
  {
    issuer: "cognito-identity.amazonaws.com",
    strangers: { amr: "unauthenticated" },
    condition: '"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}',
  },
];

function provider(
  issuer: string,
  strangers: PublicProvider["strangers"],
  [claim, value]: readonly [string, string],
): PublicProvider {
  return { issuer, strangers, condition: `"StringLike": {"${issuer}:${claim}": "${value}"}` };
}

/** A way in for anyone on the internet, by a token that a provider gives to anybody. */
export interface PublicTrust {
  /** Place in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
  /** The provider, as the document names it. */
  readonly principal: string;
  /** The condition keys that say whose token it is. */
  readonly keys: readonly string[];
  /** A condition that keeps strangers out, with placeholders in `<>`. */
  readonly condition: string;
}

/**
 * Who gets in with a web identity of their own: for each statement, the providers that give a token to anybody and whose
 * tokens no condition narrows. `further`: issuers of other such providers, without `https://`. A condition that is not
 * known yet counts as one that narrows.
 */
export function publicTrusts(policy: Policy, further: readonly string[]): readonly PublicTrust[] {
  const providers = [
    ...PROVIDERS,
    ...further.map((issuer) => provider(issuer, { sub: "{}", aud: "{}" }, ["sub", "<subject>"])),
  ];
  const partition = partitionOf(policy.statements);
  return policy.statements.flatMap((allow) => {
    if (allow.effect !== "Allow" || !appliesTo(allow, ACTION, "best")) return [];
    return callersOf(allow, partition).flatMap(({ entry, callers }) => {
      const caller = callers.find(({ wayIn }) => wayIn === ACTION);
      const issuer = issuerOf(entry);
      if (caller === undefined) return [];
      return providers.flatMap((each): readonly PublicTrust[] => {
        if (each.issuer !== issuer || !letsStrangersIn(policy, allow, caller, each)) return [];
        const { index, sid } = allow;
        const keys = Object.keys(each.strangers).map((claim) => `${issuer}:${claim}`);
        const named = { principal: nameOf(entry), keys, condition: each.condition };
        return [{ statement: index, ...(sid === undefined ? {} : { sid }), ...named }];
      });
    });
  });
}

const ACTION = "sts:AssumeRoleWithWebIdentity";
const FEDERATED: MfaContext = { kind: "absent" };

function issuerOf(entry: PrincipalEntry): string | undefined {
  if (typeof entry.text !== "string") return undefined;
  return entry.text.replace(/arn:[^/]*:oidc-provider\//, "").toLowerCase();
}

function letsStrangersIn(
  policy: Policy,
  allow: Statement,
  caller: Caller,
  provider: PublicProvider,
): boolean {
  const place = { context: FEDERATED, caller: caller.kind };
  const literals = encodeConditions(allow, policy, place, "best");
  if (literals === "never") return false;
  const clauses: Clause[] = allHold(literals);
  for (const deny of policy.statements) {
    if (deny.effect !== "Deny" || !appliesTo(deny, ACTION, "best") || deny.principals === undefined) continue;
    if (!mayBeDenied(deniedBy(deny.principals, partitionOf(policy.statements)), caller)) continue;
    const unmet = encodeConditions(deny, policy, place, "best");
    if (unmet !== "never") clauses.push(fails(unmet));
  }
  const strangers = new Map(
    Object.entries(provider.strangers).map(([claim, form]) => {
      const key = `${provider.issuer}:${claim}`;
      return [key, strangersDomain(form, valuesOf(policy, key))];
    }),
  );
  const domain = (key: string) => strangers.get(key) ?? keyDomain(key, FEDERATED, caller);
  return solve({ clauses, domain, budget: new Budget(), fillings: "every" }).kind === "some";
}

const STRANGER = "some-stranger";

/**
 * The values of strangers: of a name that no document knows, and of one that fits a wildcard in the name, since whoever
 * comes may register it (`repo:example*` lets in the organization `example-evil` too).
 */
function strangersDomain(form: string, values: readonly string[]): Domain {
  const [before = "", after = ""] = form.split("{}");
  const names = values.flatMap((value) => {
    const rest = value.startsWith(before) ? value.slice(before.length) : value;
    const name = after === "" ? rest : (rest.split(after.charAt(0))[0] ?? rest);
    return /[*?]/.test(name) ? [name.replaceAll("?", "s").replaceAll("*", STRANGER)] : [];
  });
  const set = anchoredPatterns([STRANGER, ...names].map((name) => form.replace("{}", name)));
  return always({ kind: "text", set });
}

function valuesOf({ statements }: Policy, key: string): readonly string[] {
  return statements.flatMap(({ conditions }) =>
    conditions.flatMap((each) =>
      each.key === key ? each.values.filter((value) => typeof value === "string") : [],
    ),
  );
}
