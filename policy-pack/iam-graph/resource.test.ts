import { describe, expect, test } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import { readResource } from "./resource";
import { propertiesOf, RESOURCE_TYPES } from "./resource-types";

const given = (props: object, more: object = {}) => ({
  ...{ urn: "urn", type: "type", name: "name", props: { ...props }, opts: {} },
  ...more,
});

test("a resource has the properties that the rules read, and its provider and dependencies", () => {
  const read = readResource(
    given(
      { name: "deploy", tags: { a: 1 }, none: null, list: [1, null, { x: null }] },
      {
        provider: { urn: "provider" },
        opts: { additionalSecretOutputs: ["seed"] },
        propertyDependencies: { name: [{ urn: "other" }] },
      },
    ),
    ["name", "none", "missing", "list"],
  );
  expect(read).toStrictEqual({
    ...{ urn: "urn", type: "type", name: "name", provider: "provider", secretOutputs: ["seed"] },
    props: { name: "deploy", list: [1, null, { x: null }] },
    dependencies: { name: ["other"] },
  });
  expect(readResource(given({}), ["name"])).toStrictEqual({
    ...{ urn: "urn", type: "type", name: "name", props: {}, dependencies: {}, secretOutputs: [] },
  });
});

test.each<[string, object, object | undefined]>([
  [
    "one account",
    { allowedAccountIds: '["111122223333"]', region: "eu-west-1" },
    { account: "111122223333", partition: "aws" },
  ],
  [
    "one account in China",
    { allowedAccountIds: ["111122223333"], region: "cn-north-1" },
    { account: "111122223333", partition: "aws-cn" },
  ],
  ["two accounts", { allowedAccountIds: ["111122223333", "444455556666"] }, undefined],
  ["any account", { region: "eu-west-1" }, undefined],
])("a resource's home is the only account that its provider allows, if any: %s", (_, props, home) => {
  expect(readResource(given({}, { provider: { urn: "p", props } }), []).home).toEqual(home);
});

describe("a provider", () => {
  const accountOf = (urn: string, props: object) =>
    readResource(given({}, { provider: { urn, props: { ...props } } }), []).provider;

  test.each<[string, object, object]>([
    ["in another region", { region: "us-east-1" }, { region: "eu-west-1", maxRetries: 3 }],
    [
      "with the same profile",
      { profile: "prod", region: "us-east-1" },
      { region: "eu-west-1", profile: "prod", defaultTags: { tags: { a: "b" } } },
    ],
    [
      "with the same profile and file, in another order",
      { profile: "prod", sharedConfigFiles: ["a"] },
      { sharedConfigFiles: ["a"], profile: "prod" },
    ],
    [
      "that assumes the same role",
      { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" } },
      { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" }, version: "7.48.0" },
    ],
  ])("is for the same account as another %s", (_, one, other) => {
    expect(accountOf("one", one)).toBe(accountOf("other", other));
  });

  test.each<[string, object, object]>([
    ["with another profile", { profile: "prod" }, { profile: "dev" }],
    ["that assumes a role", {}, { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" } }],
    [
      "with access keys, even if they are the same",
      { accessKey: "AKIAIOSFODNN7EXAMPLE" },
      { accessKey: "AKIAIOSFODNN7EXAMPLE" },
    ],
    ["with an unknown profile", { profile: new Unknown("p") }, { profile: new Unknown("p") }],
    ["with a setting that this version does not know", { partner: "a" }, { partner: "b" }],
  ])("is not for the same account as another %s", (_, one, other) => {
    expect(accountOf("one", one)).not.toBe(accountOf("other", other));
  });
});

test("an unknown value does not hide the values beside it", () => {
  const unknown = {
    get later(): never {
      throw new Error("unknown");
    },
    known: "x",
  };
  const names = Object.defineProperty(["a", "b"], 1, Object.getOwnPropertyDescriptor(unknown, "later") ?? {});
  const props = { inner: unknown, list: [unknown], names };
  expect(readResource(given(props), ["inner", "list", "names"]).props).toEqual({
    inner: { later: new Unknown("later"), known: "x" },
    list: [{ later: new Unknown("later"), known: "x" }],
    names: ["a", new Unknown("names[1]")],
  });
});

test.each<[string, string[]]>([
  ["aws:iam/groupMembership:GroupMembership", ["users", "group"]],
  ["aws:iam/accessKey:AccessKey", ["user"]],
  ["AWS::IAM::Group", ["GroupName", "Policies", "ManagedPolicyArns"]],
  ["aws:iam/policyAttachment:PolicyAttachment", ["policyArn", "groups", "users", "roles"]],
  ["AWS::Serverless::Application", []],
])("the rules read the properties of %s that its row lists, and its identifiers", (type, properties) => {
  const row = RESOURCE_TYPES.get(type);
  expect(row && propertiesOf(row)).toEqual([...properties, "arn", "Arn", "policyArn", "id"]);
});
