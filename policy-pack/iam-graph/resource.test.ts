import { describe, expect, test } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import { readResource } from "./resource";
import { propertiesOf, RESOURCE_TYPES } from "./resource-types";

const given = (props: object, more: object = {}) => ({
  ...{ urn: "urn", type: "type", name: "name", props: { ...props }, opts: {} },
  ...more,
});

test("of a resource the rules see what they ask for, and where it is from", () => {
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
    "one of China",
    { allowedAccountIds: ["111122223333"], region: "cn-north-1" },
    { account: "111122223333", partition: "aws-cn" },
  ],
  ["one of two", { allowedAccountIds: ["111122223333", "444455556666"] }, undefined],
  ["any account", { region: "eu-west-1" }, undefined],
])("what a provider is held to is where a resource is: %s", (_, props, home) => {
  expect(readResource(given({}, { provider: { urn: "p", props } }), []).home).toEqual(home);
});

describe("a provider stands for an account", () => {
  const accountOf = (urn: string, props: object) =>
    readResource(given({}, { provider: { urn, props: { ...props } } }), []).provider;

  test.each<[string, object, object]>([
    ["in other regions", { region: "us-east-1" }, { region: "eu-west-1", maxRetries: 3 }],
    [
      "with one profile",
      { profile: "prod", region: "us-east-1" },
      { region: "eu-west-1", profile: "prod", defaultTags: { tags: { a: "b" } } },
    ],
    [
      "with one profile of one file, in another order",
      { profile: "prod", sharedConfigFiles: ["a"] },
      { sharedConfigFiles: ["a"], profile: "prod" },
    ],
    [
      "that assume one role",
      { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" } },
      { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" }, version: "7.48.0" },
    ],
  ])("the same as another %s", (_, one, other) => {
    expect(accountOf("one", one)).toBe(accountOf("other", other));
  });

  test.each<[string, object, object]>([
    ["have other profiles", { profile: "prod" }, { profile: "dev" }],
    ["one alone assumes a role", {}, { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" } }],
    [
      "have keys, which are nobody's business",
      { accessKey: "AKIAIOSFODNN7EXAMPLE" },
      { accessKey: "AKIAIOSFODNN7EXAMPLE" },
    ],
    ["a part is not known yet", { profile: new Unknown("p") }, { profile: new Unknown("p") }],
    ["have a setting that this version does not know", { partner: "a" }, { partner: "b" }],
  ])("no other than its own where they %s", (_, one, other) => {
    expect(accountOf("one", one)).not.toBe(accountOf("other", other));
  });
});

test("a value that is not known yet hides no other", () => {
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
])("what the rules ask for of %s is what its row names, and what others name it by", (type, properties) => {
  const row = RESOURCE_TYPES.get(type);
  expect(row && propertiesOf(row)).toEqual([...properties, "arn", "Arn", "policyArn", "id"]);
});
