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

test("a way in says its statement, its provider, what would have to be asked, and how", () => {
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

describe("anyone on the internet", () => {
  test.each<[string, unknown, boolean]>([
    ["takes a token for any audience", allow(GITHUB, { StringEquals: { [`${ISSUER}:aud`]: "sts" } }), true],
    ["takes a token of any letters' provider", allow("GitLab.com"), true],
    ["is no organization that is named", allow(GITHUB, sub("repo:example/*")), false],
    [
      "is one of two names, if it has a wildcard",
      allow(GITHUB, sub("repo:example/*", "repo:ex*/app:*")),
      true,
    ],
    ["registers a name that fits a wildcard for one character", allow(GITHUB, sub("repo:example-?/*")), true],
    ["is behind the organization's name no other one", allow(GITHUB, sub("repo:example/app?:*")), false],
    [
      "has a name of their own as an actor, too",
      allow(GITHUB, { StringLike: { [`${ISSUER}:actor`]: "octo*" } }),
      true,
    ],
    [
      "is not the actor that is named",
      allow(GITHUB, { StringEquals: { [`${ISSUER}:actor`]: "octo" } }),
      false,
    ],
    [
      "is no repository whose number is named",
      allow(GITHUB, { StringEquals: { [`${ISSUER}:repository_id`]: "123456" } }),
      false,
    ],
    [
      "calls a workflow that is named",
      allow(GITHUB, { StringLike: { [`${ISSUER}:job_workflow_ref`]: "example/ci/.github/workflows/*" } }),
      true,
    ],
    [
      "is an actor that fits a wildcard for one character",
      allow(GITHUB, { StringLike: { [`${ISSUER}:actor`]: "octo?" } }),
      true,
    ],
    [
      "is perhaps kept out by what is not known yet",
      allow(GITHUB, { Bool: { "aws:SecureTransport": later } }),
      false,
    ],
    ["always has a subject", allow(GITHUB, { Null: { [`${ISSUER}:sub`]: "true" } }), false],
    [
      "is a guest, whatever the start of a guest's name",
      allow(COGNITO, { "ForAnyValue:StringLike": { [`${COGNITO}:amr`]: "un*" } }),
      true,
    ],
    ["has no MFA", allow(GITHUB, { Bool: { "aws:MultiFactorAuthPresent": "true" } }), false],
    [
      "has no service's name",
      allow(undefined, {}, { Principal: { Service: "gitlab.com" }, Action: "sts:*" }),
      false,
    ],
    ["is not known by a name that is not known yet", allow(later), false],
    ["makes no other call", allow(GITHUB, {}, { Action: "sts:AssumeRole" }), false],
    ["makes a call by a pattern", allow(GITHUB, {}, { Action: "sts:*" }), true],
    ["makes perhaps a call that is not known yet", allow(GITHUB, {}, { Action: later }), false],
    ["is perhaps not the subject that is not known yet", allow(GITHUB, sub(later)), false],
    ["is the subject that is one of all", allow(GITHUB, sub(later, "*")), true],
    ["is not let in by a Deny", deny(), false],
  ])("%s", (_, statements, isFound) => {
    expect(trusts(statements).length > 0).toBe(isFound);
  });

  test.each(["sub", "aud"])("has a %s of their own at a further provider", (claim) => {
    const like = (value: string) =>
      allow("id.example.com", { StringLike: { [`id.example.com:${claim}`]: value } });
    expect(trusts(like("example*"), ["id.example.com"])).toHaveLength(1);
    expect(trusts(like("example"), ["id.example.com"])).toHaveLength(0);
  });

  test.each<[string, object, boolean]>([
    ["the same provider", {}, false],
    ["the same provider, of any action", { Action: "sts:*" }, false],
    ["the same provider, for another call", { Action: "sts:AssumeRole" }, true],
    ["the same provider, by an action that is not known yet", { Action: later }, false],
    [
      "the same provider, but one organization",
      { Condition: { StringNotLike: sub("repo:example/*").StringLike } },
      false,
    ],
    ["the same provider's tokens of one organization", { Condition: sub("repo:example/*") }, true],
    ["the same provider with MFA", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }, true],
    [
      "the same provider, where a value is not known yet",
      { Condition: { Bool: { "aws:SecureTransport": later } } },
      false,
    ],
    ["a provider that is not known yet", { Principal: { Federated: later } }, false],
    ["another provider", { Principal: { Federated: "gitlab.com" } }, true],
    ["a user", { Principal: { AWS: "arn:aws:iam::111122223333:user/bob" } }, true],
    ["anyone, which is not relied on", { Principal: "*" }, true],
  ])("is kept out by a Deny of %s", (_, more, isFound) => {
    expect(trusts([allow(GITHUB), deny(more)]).length > 0).toBe(isFound);
  });
});
