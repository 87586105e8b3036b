import { type ExampleResource, type Examples, iam, policyText } from "./example";

const GITHUB = "token.actions.githubusercontent.com";
const COGNITO = "cognito-identity.amazonaws.com";
const POOL = "us-east-1:12345678-1234-1234-1234-123456790ab";

function role(provider: string, condition: object, more: readonly object[] = []): ExampleResource {
  const isBuiltIn = [COGNITO, "accounts.google.com"].includes(provider);
  const trust = policyText(
    {
      Effect: "Allow",
      Principal: { Federated: isBuiltIn ? provider : `arn:aws:iam::111122223333:oidc-provider/${provider}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: condition,
    },
    ...more,
  );
  return iam("Role", "deploy", { name: "deploy", assumeRolePolicy: trust });
}

const AUDIENCE = { [`${GITHUB}:aud`]: "sts.amazonaws.com" };

function github(sub: string): ExampleResource {
  return role(GITHUB, { StringEquals: AUDIENCE, StringLike: { [`${GITHUB}:sub`]: sub } });
}

export const examples: Examples = {
  good: [
    { title: "One GitHub repository", resources: [github("repo:example/app:ref:refs/heads/main")] },
    { title: "All repositories of one organization", resources: [github("repo:example/*")] },
    {
      title: "An app's Google users",
      resources: [
        role("accounts.google.com", {
          StringEquals: { "accounts.google.com:aud": "66677788899900pro0.apps.googleusercontent.com" },
        }),
      ],
    },
    {
      title: "The signed-in users of an identity pool",
      resources: [
        role(COGNITO, {
          StringEquals: { [`${COGNITO}:aud`]: POOL },
          "ForAnyValue:StringLike": { [`${COGNITO}:amr`]: "authenticated" },
        }),
      ],
    },
    {
      title: "A cluster's own provider, which gives tokens only to its pods",
      resources: [role("oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE", {})],
    },
  ],
  bad: [
    {
      title: "GitHub, with a condition on aud alone: the caller chooses the audience",
      resources: [role(GITHUB, { StringEquals: AUDIENCE })],
      says: [
        "Anyone on the internet can assume this role",
        `no condition on ${GITHUB}:sub`,
        "repo:<organization>",
      ],
    },
    { title: "Any GitHub repository", resources: [github("repo:*")], says: ["Anyone on the internet"] },
    {
      title: "A wildcard in the organization's name, which a stranger can register",
      resources: [github("repo:example*")],
      says: ["Anyone on the internet"],
    },
    {
      title: "The main branch, of any repository",
      resources: [github("repo:*:ref:refs/heads/main")],
      says: ["Anyone on the internet"],
    },
    {
      title: "GitLab, with a condition on aud alone",
      resources: [role("gitlab.com", { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } })],
      says: ["no condition on gitlab.com:sub"],
    },
    {
      title: "Google, without a condition",
      resources: [role("accounts.google.com", {})],
      says: ["accounts.google.com:aud"],
    },
    {
      title: "The guests of an identity pool",
      resources: [role(COGNITO, { StringEquals: { [`${COGNITO}:aud`]: POOL } })],
      says: [`no condition on ${COGNITO}:amr`, '"authenticated"'],
    },
    {
      title: "A provider that the configuration calls public",
      config: { publicProviders: ["id.example.com"] },
      resources: [role("id.example.com", {})],
      says: ["id.example.com:sub"],
    },
  ],
};
