import type { Rule } from "../evaluation/rule";
import { type PublicTrust, publicTrusts } from "../iam/trust-policy/web-identity";
import { typesOf } from "../iam-graph/resource-types";
import { statementName } from "../messages/document";
import { described } from "../messages/result";

const CONFIGURATION = {
  publicProviders: {
    type: "array",
    items: { type: "string", minLength: 1 },
    description: "Issuers of further providers that give tokens to anyone, without https://.",
  },
} as const;

interface WebIdentityData {
  readonly code: "public-web-identity";
  readonly where: string;
  readonly trusts: readonly PublicTrust[];
}

/** Reports a role that anyone on the internet can assume with a token of a public identity provider. */
export const iamRoleWebIdentityIsNarrowed: Rule<typeof CONFIGURATION, WebIdentityData> = {
  about: {
    name: "iam-role-web-identity-is-narrowed",
    displayName: "A role that trusts a public identity provider restricts whose tokens it accepts",
    description:
      "Reports an IAM role that accepts any token of an identity provider that gives tokens to anyone, such as GitHub, " +
      "GitLab, Google or Cognito's guests.",
    severity: "critical",
    level: "advisory",
    tags: ["aws", "iam", "oidc", "role"],
    steps:
      "Add a condition on the claim that says whose token it is: for GitHub Actions " +
      '"StringLike": {"token.actions.githubusercontent.com:sub": "repo:<organization>/<repository>:*"}. ' +
      "A condition on aud alone keeps no one out if the caller chooses the audience.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    configuration: CONFIGURATION,
  },
  scope: "resource",
  types: typesOf("role"),

  assess(graph, { publicProviders }) {
    return graph.holders("roles").flatMap(({ resource: subject }) => {
      const trust = graph.trustOf(subject);
      const trusts = trust?.kind === "policy" ? publicTrusts(trust.policy, publicProviders) : [];
      if (trust === undefined || trusts.length === 0) return [];
      const data = { code: "public-web-identity", where: trust.where, trusts } as const;
      const told = trusts.flatMap(({ principal, keys }) => [principal, ...keys]);
      return [{ subject, verdict: "open", data, arguments: told }];
    });
  },

  describe({ data: { where, trusts } }) {
    return described(
      "Anyone on the internet can assume this role.",
      ...trusts.map(
        ({ statement, sid, principal, keys }) =>
          `  Way in: ${where}, ${statementName(statement, sid)} allows sts:AssumeRoleWithWebIdentity with a token that ` +
          `${principal} gives to anyone; no condition on ${keys.join(" or ")} keeps strangers out.`,
      ),
      ...trusts.map(
        ({ statement, sid, condition }) => `Fix: in ${statementName(statement, sid)} add ${condition}.`,
      ),
    );
  },
};
