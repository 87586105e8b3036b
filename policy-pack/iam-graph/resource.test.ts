import { expect, test } from "vitest";
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

test("a value that is not known yet hides no other", () => {
  const unknown = {
    get later(): never {
      throw new Error("unknown");
    },
    known: "x",
  };
  expect(readResource(given({ inner: unknown, list: [unknown] }), ["inner", "list"]).props).toEqual({
    inner: { later: new Unknown("later"), known: "x" },
    list: [{ later: new Unknown("later"), known: "x" }],
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
