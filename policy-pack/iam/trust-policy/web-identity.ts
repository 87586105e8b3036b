import { anchoredPatterns } from "../encode/policy-pattern";
import type { MfaContext } from "../mfa-context";
import { type Policy, referenceTo, type StatementReference } from "../policy/model";
import { nameOf, type PrincipalEntry } from "../principal/entry";
import { type Domain, oneOf } from "../solver/formula";
import { TrustQuery } from "./query";
import { DEFAULT_TRUST_RULES } from "./verdict";

/** An identity provider that issues tokens to anyone. */
interface PublicProvider {
  /** Its issuer without `https://`, which begins its condition keys. */
  readonly issuer: string;
  /**
   * The claims that identify the token's owner, each with the form of a stranger's: `{}` is a name that the stranger chooses,
   * and that nobody else has. A stranger may choose any other claim.
   */
  readonly strangers: Readonly<Record<string, string>>;
  /** The condition that fixes it. */
  readonly condition: string;
}

/**
 * Source: IAM user guide, "Create a role for OpenID Connect federation", which has AWS's own checks of shared providers, and
 * each provider's documentation of its tokens' claims.
 */
const PROVIDERS: readonly PublicProvider[] = [
  // A stranger may call anyone's reusable workflow, so that `job_workflow_ref` does not identify the caller.
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

/** A way in for anyone on the internet, by a token that a provider issues to anyone. */
export interface PublicTrust extends StatementReference {
  /** The provider, as the document names it. */
  readonly principal: string;
  /** The condition keys that identify the token's owner. */
  readonly keys: readonly string[];
  /** A condition that keeps strangers out, with placeholders in `<>`. */
  readonly condition: string;
}

/**
 * The ways in for a web identity of one's own: for each statement, the providers that issue tokens to anyone and whose tokens
 * no condition narrows. `further`: issuers of other such providers, without `https://`. An unknown condition counts as one
 * that narrows.
 */
export function publicTrusts(policy: Policy, further: readonly string[]): readonly PublicTrust[] {
  const providers = [
    ...PROVIDERS,
    ...further.map((issuer) => provider(issuer, { sub: "{}", aud: "{}" }, ["sub", "<subject>"])),
  ];
  return [...query(policy).allowed()].flatMap(({ statement, entry, able }) => {
    const issuer = issuerOf(entry);
    const caller = able.find(({ wayIn }) => wayIn === "sts:AssumeRoleWithWebIdentity");
    if (caller === undefined) return [];
    return providers.flatMap((each): readonly PublicTrust[] => {
      if (each.issuer !== issuer) return [];
      const domains = strangersOf(each, policy);
      if (query(policy, domains).find(statement, caller) === undefined) return [];
      const keys = [...domains.keys()];
      return [{ ...referenceTo(statement), principal: nameOf(entry), keys, condition: each.condition }];
    });
  });
}

function query(policy: Policy, domains: ReadonlyMap<string, Domain> = new Map()): TrustQuery {
  const contexts: readonly MfaContext[] = [{ kind: "absent" }];
  return new TrustQuery(policy, DEFAULT_TRUST_RULES, { assumption: "best", contexts, domains });
}

function issuerOf({ text }: PrincipalEntry): string | undefined {
  return typeof text === "string" ? text.replace(/arn:[^/]*:oidc-provider\//, "").toLowerCase() : undefined;
}

const STRANGER = "some-stranger";

/** The values that the condition keys of a provider have for strangers. */
function strangersOf({ issuer, strangers }: PublicProvider, policy: Policy): ReadonlyMap<string, Domain> {
  return new Map(
    Object.entries(strangers).map(([claim, form]) => {
      const key = `${issuer}:${claim}`;
      return [key, strangersDomain(form, valuesOf(policy, key))];
    }),
  );
}

/**
 * The values of strangers: of a name that no document contains, and of one that a wildcard in a name matches, since anyone may
 * register it (`repo:example*` lets in the organization `example-evil` too).
 */
function strangersDomain(form: string, values: readonly string[]): Domain {
  const [before = "", after = ""] = form.split("{}");
  const names = values.flatMap((value) => {
    const rest = value.startsWith(before) ? value.slice(before.length) : value;
    const name = after === "" ? rest : (rest.split(after.charAt(0))[0] ?? rest);
    return /[*?]/.test(name) ? [name.replaceAll("?", "s").replaceAll("*", STRANGER)] : [];
  });
  return oneOf(anchoredPatterns([STRANGER, ...names].map((name) => form.replace("{}", name))));
}

function valuesOf({ statements }: Policy, key: string): readonly string[] {
  return statements.flatMap(({ conditions }) =>
    conditions.flatMap((each) =>
      each.key === key ? each.values.filter((value) => typeof value === "string") : [],
    ),
  );
}
