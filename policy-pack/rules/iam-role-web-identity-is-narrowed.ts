import { type PublicTrust, publicTrusts } from "../iam/trust-policy/web-identity";
import { RESOURCE_TYPES } from "../iam-graph/resource-types";
import { NOTHING_FOUND } from "./finding";
import { trustOf } from "./iam-role-requires-mfa";
import type { Common, ResourceRule } from "./rule";
import { statementName } from "./wording";

export interface WebIdentityConfig extends Common {
  readonly publicProviders: readonly string[];
}

/** Reports a role that anyone on the internet can assume, by a token that an identity provider gives to anybody. */
export const iamRoleWebIdentityIsNarrowed: ResourceRule<WebIdentityConfig> = {
  kind: "resource",
  about: {
    name: "iam-role-web-identity-is-narrowed",
    displayName: "A role that trusts a public identity provider says whose tokens it takes",
    description:
      "Reports an IAM role that takes any token of an identity provider that gives tokens to anybody, such as GitHub, " +
      "GitLab, Google or Cognito's guests.",
    severity: "critical",
    level: "advisory",
    tags: ["aws", "iam", "oidc", "role"],
    steps:
      "Add a condition on the claim that says whose token it is: for GitHub Actions " +
      '"StringLike": {"token.actions.githubusercontent.com:sub": "repo:<organization>/<repository>:*"}. ' +
      "A condition on aud alone keeps nobody out where the caller chooses the audience.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    configuration: {
      publicProviders: {
        type: "array",
        items: { type: "string", minLength: 1 },
        description: "Further providers that give a token to anybody: their issuers, without https://.",
      },
    },
  },
  types: new Set([...RESOURCE_TYPES].flatMap(([type, row]) => (row.kind === "role" ? [type] : []))),

  judge(resource, { publicProviders }) {
    const trust = trustOf(resource);
    if (trust?.kind !== "policy") return NOTHING_FOUND;
    const ways = publicTrusts(trust.policy, publicProviders);
    if (ways.length === 0) return NOTHING_FOUND;
    const message = [
      "Anyone on the internet can assume this role.",
      ...ways.map((way) => describe(trust.where, way)),
      ...ways.map(
        ({ statement, sid, condition }) => `Fix: in ${statementName(statement, sid)} add ${condition}.`,
      ),
    ].join("\n");
    return { violations: [{ resource, message }], notes: [] };
  },
};

function describe(where: string, { statement, sid, principal, keys }: PublicTrust): string {
  return (
    `  Way in: ${where}, ${statementName(statement, sid)} allows sts:AssumeRoleWithWebIdentity with a token that ` +
    `${principal} gives to anybody; no condition on ${keys.join(" or ")} keeps strangers out.`
  );
}
