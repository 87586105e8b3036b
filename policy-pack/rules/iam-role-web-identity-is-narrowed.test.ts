import { expect, test } from "vitest";
import { iam, policyText } from "./example";
import { iamRoleWebIdentityIsNarrowed } from "./iam-role-web-identity-is-narrowed";
import { assessed } from "./testing";

const GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const OWN = "arn:aws:iam::111122223333:oidc-provider/login.example.com";
const role = (Federated: string, Condition: object) =>
  iam("Role", "deploy", {
    assumeRolePolicy: policyText({
      Effect: "Allow",
      Principal: { Federated },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition,
    }),
  });
const FOUND = ["deploy: open public-web-identity, violation"];

test.each<[string, string, object, object, string[]]>([
  ["any token of GitHub is a violation", GITHUB, {}, {}, FOUND],
  [
    "only tokens of one repository has no finding",
    GITHUB,
    { StringLike: { "token.actions.githubusercontent.com:sub": "repo:example/app:*" } },
    {},
    [],
  ],
  ["any token of a provider that is not public has no finding", OWN, {}, {}, []],
  [
    "any token of a provider that is configured as public is a violation",
    OWN,
    {},
    { publicProviders: ["login.example.com"] },
    FOUND,
  ],
])("a role that accepts %s", (_, provider, condition, config, expected) => {
  expect(assessed(iamRoleWebIdentityIsNarrowed, [role(provider, condition)], config)).toEqual(expected);
});
