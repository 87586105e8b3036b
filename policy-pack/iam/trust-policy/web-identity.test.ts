import { describe, expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { Unknown } from "../policy/unknown";
import { publicTrusts } from "./web-identity";

const ISSUER = "token.actions.githubusercontent.com";
const GITHUB = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const COGNITO = "cognito-identity.amazonaws.com";
const ACTION = "sts:AssumeRoleWithWebIdentity";

const allow = (Federated: unknown, Condition: object = {}, more: object = {}) => ({
  Effect: "Allow",
  Principal: { Federated },
  Action: ACTION,
  Condition,
  ...more,
});
const deny = (more: object = {}) => ({ ...allow(GITHUB), Effect: "Deny", ...more });
const sub = (...values: unknown[]) => ({ StringLike: { [`${ISSUER}:sub`]: values } });
const later = new Unknown("later");

function trusts(statements: unknown, further: readonly string[] = []) {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return publicTrusts(parsed.policy, further);
}

test("a public trust names its statement, its provider, the keys to test, and the condition to add", () => {
  expect(trusts([allow(GITHUB, sub("repo:example/*")), allow(GITHUB, {}, { Sid: "Ci" })])).toEqual([
    {
      statement: 1,
      sid: "Ci",
      principal: GITHUB,
      keys: ["sub", "repository", "repository_id", "actor", "actor_id"].map((claim) => `${ISSUER}:${claim}`),
      condition: `"StringLike": {"${ISSUER}:sub": "repo:<organization>/<repository>:*"}`,
    },
  ]);
  expect(trusts(allow("id.example.com"), ["id.example.com"])).toEqual([
    {
      statement: 0,
      principal: "id.example.com",
      keys: ["id.example.com:sub", "id.example.com:aud"],
      condition: '"StringLike": {"id.example.com:sub": "<subject>"}',
    },
  ]);
});

describe("a web identity trust", () => {
  test.each<[string, unknown, boolean]>([
    [
      "is public with a condition on the audience alone",
      allow(GITHUB, { StringEquals: { [`${ISSUER}:aud`]: "sts" } }),
      true,
    ],
    ["is public for a public provider in any case", allow("GitLab.com"), true],
    ["is not public for a named organization", allow(GITHUB, sub("repo:example/*")), false],
    [
      "is public if one of two organizations has a wildcard",
      allow(GITHUB, sub("repo:example/*", "repo:ex*/app:*")),
      true,
    ],
    [
      "is public with a one-character wildcard in the organization",
      allow(GITHUB, sub("repo:example-?/*")),
      true,
    ],
    [
      "is not public with a one-character wildcard after the organization",
      allow(GITHUB, sub("repo:example/app?:*")),
      false,
    ],
    [
      "is public with a wildcard in the actor",
      allow(GITHUB, { StringLike: { [`${ISSUER}:actor`]: "octo*" } }),
      true,
    ],
    [
      "is not public for a named actor",
      allow(GITHUB, { StringEquals: { [`${ISSUER}:actor`]: "octo" } }),
      false,
    ],
    [
      "is not public for a repository ID",
      allow(GITHUB, { StringEquals: { [`${ISSUER}:repository_id`]: "123456" } }),
      false,
    ],
    [
      "is public for named workflows, which anyone can call",
      allow(GITHUB, { StringLike: { [`${ISSUER}:job_workflow_ref`]: "example/ci/.github/workflows/*" } }),
      true,
    ],
    [
      "is public with a one-character wildcard in the actor",
      allow(GITHUB, { StringLike: { [`${ISSUER}:actor`]: "octo?" } }),
      true,
    ],
    [
      "is not reported with an unknown condition",
      allow(GITHUB, { Bool: { "aws:SecureTransport": later } }),
      false,
    ],
    [
      "is not public if the subject must be absent",
      allow(GITHUB, { Null: { [`${ISSUER}:sub`]: "true" } }),
      false,
    ],
    [
      "is public for Cognito guests by a prefix of unauthenticated",
      allow(COGNITO, { "ForAnyValue:StringLike": { [`${COGNITO}:amr`]: "un*" } }),
      true,
    ],
    [
      "is not public with an MFA condition",
      allow(GITHUB, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      false,
    ],
    [
      "is not public for a service with a public provider's name",
      allow(undefined, {}, { Principal: { Service: "gitlab.com" }, Action: "sts:*" }),
      false,
    ],
    ["is not reported for an unknown provider", allow(later), false],
    [
      "is not public for an action that takes no web identity",
      allow(GITHUB, {}, { Action: "sts:AssumeRole" }),
      false,
    ],
    ["is public for an action pattern", allow(GITHUB, {}, { Action: "sts:*" }), true],
    ["is not reported for an unknown action", allow(GITHUB, {}, { Action: later }), false],
    ["is not reported with an unknown subject", allow(GITHUB, sub(later)), false],
    ["is public with any subject beside an unknown one", allow(GITHUB, sub(later, "*")), true],
    ["is not public under Deny", deny(), false],
  ])("%s", (_, statements, isFound) => {
    expect(trusts(statements).length > 0).toBe(isFound);
  });

  test.each(["sub", "aud"])("of a configured provider is public only with a wildcard in %s", (claim) => {
    const like = (value: string) =>
      allow("id.example.com", { StringLike: { [`id.example.com:${claim}`]: value } });
    expect(trusts(like("example*"), ["id.example.com"])).toHaveLength(1);
    expect(trusts(like("example"), ["id.example.com"])).toHaveLength(0);
  });

  test.each<[string, object, boolean]>([
    ["the same provider", {}, false],
    ["the same provider for every STS action", { Action: "sts:*" }, false],
    ["the same provider for another action", { Action: "sts:AssumeRole" }, true],
    ["the same provider for an unknown action", { Action: later }, false],
    [
      "the same provider except one organization",
      { Condition: { StringNotLike: sub("repo:example/*").StringLike } },
      false,
    ],
    ["one organization of the same provider", { Condition: sub("repo:example/*") }, true],
    ["the same provider with MFA", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }, true],
    [
      "the same provider with an unknown condition value",
      { Condition: { Bool: { "aws:SecureTransport": later } } },
      false,
    ],
    ["an unknown provider", { Principal: { Federated: later } }, false],
    ["another provider", { Principal: { Federated: "gitlab.com" } }, true],
    ["a user", { Principal: { AWS: "arn:aws:iam::111122223333:user/bob" } }, true],
    ["anyone", { Principal: "*" }, true],
  ])("beside a Deny of %s is public: $2", (_, more, isFound) => {
    expect(trusts([allow(GITHUB), deny(more)]).length > 0).toBe(isFound);
  });
});
