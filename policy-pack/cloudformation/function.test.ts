// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, it } from "vitest";
import { Choice, identityOf, Unknown } from "../iam/policy/unknown";
import type { TemplateContext } from "./parameter";
import { readTemplate } from "./template";

const PARAMETERS = {
  Name: { Type: "String", Default: "example" },
  Key: { Type: "String" },
  Names: { Type: "CommaDelimitedList", Default: "a, b" },
};
const CONDITIONS = {
  InProduction: { "Fn::Equals": [{ Ref: "Name" }, "production"] },
  InTest: { "Fn::Equals": ["test", { Ref: "Name" }] },
  Elsewhere: { "Fn::Not": [{ Condition: "InProduction" }] },
  Nowhere: { "Fn::And": [{ Condition: "InProduction" }, { Condition: "InTest" }] },
  Somewhere: { "Fn::Or": [{ Condition: "InProduction" }, { Condition: "Elsewhere" }] },
  Always: { "Fn::Equals": [{ Ref: "AWS::Region" }, { Ref: "AWS::Region" }] },
  Never: { "Fn::Equals": ["a", "b"] },
  Mapped: { "Fn::Equals": [{ "Fn::FindInMap": ["M", "k", "l"] }, "value"] },
  IsK: { "Fn::Equals": [{ Ref: "Key" }, "k"] },
  Round: { "Fn::Not": [{ Condition: "Round" }] },
};

/** What a property's value resolves to in a template with the resource `Deploy`, the parameters above, and this context. */
function resolved(value: unknown, known: Partial<TemplateContext> = {}): unknown {
  const body = {
    Parameters: PARAMETERS,
    Mappings: { M: { k: { l: "value", same: "x" }, other: { l: "another", same: "x" } } },
    Conditions: CONDITIONS,
    Resources: {
      Subject: { Type: "Example::Own::Type", Properties: { Value: value } },
      Deploy: { Type: "AWS::IAM::Role" },
    },
  };
  const template = readTemplate(body, { scope: "", ...known });
  if (!template.ok) throw new Error(template.error.found);
  return template.resources[0]?.properties.Value;
}

const NO_VALUE = { Ref: "AWS::NoValue" };

describe("a dynamic reference", () => {
  const reference = "{{resolve:ssm:/ci/role}}";

  it.each<[string, unknown]>([
    ["as the whole value", reference],
    ["within a string", `arn:aws:iam::111122223333:role/${reference}`],
    ["built by Fn::Sub", { "Fn::Sub": "{{resolve:ssm:/${Key}/role:1}}" }],
    ["in both branches of Fn::If", { "Fn::If": ["InProduction", reference, reference] }],
  ])("is the same unknown value each time it occurs: %s", (_, value) => {
    const [first, again] = [resolved([value, value])].flat();
    expect(first).toBeInstanceOf(Unknown);
    expect(
      first instanceof Unknown && again instanceof Unknown && identityOf(first) === identityOf(again),
    ).toBe(true);
  });

  it("keeps the text around it, differs from another reference, and is plain text when unclosed", () => {
    const [text, other] = [resolved([`a-${reference}-b`, "{{resolve:ssm:/ci/other}}"])].flat();
    expect(text).toMatchObject({ parts: ["a-", expect.any(Unknown), "-b"] });
    expect(other instanceof Unknown && identityOf(other)).not.toBe(
      identityOf(resolved(reference) as Unknown),
    );
    expect(resolved("{{resolve")).toBe("{{resolve");
    expect(resolved({ a: [{ b: NO_VALUE, c: 1 }] })).toEqual({ a: [{ c: 1 }] });
  });
});

describe("a function whose inputs are known", () => {
  it.each<[string, unknown, unknown]>([
    ["an escaped policy variable", { "Fn::Sub": "user/${!aws:username}" }, "user/${aws:username}"],
    ["Fn::Sub with variables of its own", { "Fn::Sub": ["${A}/${B}", { A: "x", B: 1 }] }, "x/1"],
    ["an empty Fn::Sub", { "Fn::Sub": "" }, ""],
    ["Fn::Join", { "Fn::Join": [":", ["arn", "aws", "iam", "", 1]] }, "arn:aws:iam::1"],
    ["Fn::Join of a list with AWS::NoValue", { "Fn::Join": ["-", ["a", NO_VALUE, "b"]] }, "a-b"],
    ["Fn::If with equal branches", { "Fn::If": ["InProduction", ["a"], ["a"]] }, ["a"]],
    ["AWS::NoValue in a list", ["a", NO_VALUE], ["a"]],
    ["AWS::NoValue in an object", { a: NO_VALUE, b: 1 }, { b: 1 }],
    ["AWS::NoValue as the whole property", NO_VALUE, undefined],
    ["Fn::Select", { "Fn::Select": ["1", ["a", "b"]] }, "b"],
    ["Fn::Select from Fn::Split", { "Fn::Select": [1, { "Fn::Split": ["/", "a/b/c"] }] }, "b"],
    ["Fn::FindInMap", { "Fn::FindInMap": ["M", "k", "l"] }, "value"],
    [
      "Fn::FindInMap with the same value for every key",
      { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "same"] },
      "x",
    ],
    [
      "Fn::FindInMap with a default value",
      { "Fn::FindInMap": ["M", "none", "l", { DefaultValue: "d" }] },
      "d",
    ],
    ["Fn::If with a condition that is always true", { "Fn::If": ["Always", "a", "b"] }, "a"],
    ["Fn::If with a condition that is never true", { "Fn::If": ["Never", "a", "b"] }, "b"],
    [
      "Fn::If with Fn::And of two conditions that exclude each other",
      { "Fn::If": ["Nowhere", "a", "b"] },
      "b",
    ],
    ["Fn::If with Fn::Or of a condition and its negation", { "Fn::If": ["Somewhere", "a", "b"] }, "a"],
    ["Fn::If with a condition on a mapped value", { "Fn::If": ["Mapped", "a", "b"] }, "a"],
    [
      "Fn::ToJsonString in a list",
      [{ "Fn::ToJsonString": { a: [{ Ref: "AWS::NoValue" }, true, "b"] } }],
      ['{"a":[true,"b"]}'],
    ],
    ["Fn::ToJsonString of an object as the whole property", { "Fn::ToJsonString": { a: 1 } }, { a: 1 }],
    ["Fn::ToJsonString of a list as the whole property", { "Fn::ToJsonString": ["a"] }, '["a"]'],
  ])("resolves to its value: %s", (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it.each<[string, unknown, Partial<TemplateContext>, unknown]>([
    ["AWS::AccountId", { Ref: "AWS::AccountId" }, { account: "111122223333" }, "111122223333"],
    [
      "AWS::URLSuffix",
      { "Fn::Sub": "ec2.${AWS::URLSuffix}" },
      { region: "cn-north-1" },
      "ec2.amazonaws.com.cn",
    ],
    ["AWS::Partition", { "Fn::Sub": "arn:${AWS::Partition}" }, { region: "us-gov-east-1" }, "arn:aws-us-gov"],
    ["a parameter", { Ref: "Name" }, { parameters: { Name: "given" } }, "given"],
    ["a parameter's default", { Ref: "Name" }, { parameters: {} }, "example"],
    ["a list parameter's default", { "Fn::Select": [1, { Ref: "Names" }] }, { parameters: {} }, "b"],
    [
      "a condition on a parameter",
      { "Fn::If": ["InProduction", 1, 2] },
      { parameters: { Name: "production" } },
      1,
    ],
  ])("uses the given account, region and parameters: %s", (_name, value, known, expected) => {
    expect(resolved(value, known)).toEqual(expected);
  });
});

/** A value with each choice written as its condition and the two branches. */
function words(value: unknown): unknown {
  if (!(value instanceof Choice)) return value;
  return { [`${value.id}?`]: [words(value.whenTrue), words(value.whenFalse)] };
}

describe("Fn::ToJsonString with an unknown part", () => {
  it.each([{ Ref: "Key" }, { "Fn::If": ["InProduction", 1, 2] }])(
    "is unknown within a list, and the object itself as the whole property: %j",
    (part) => {
      const value = { "Fn::ToJsonString": { a: [part] } };
      expect(resolved([value])).toEqual([new Unknown("Fn::ToJsonString", undefined, expect.any(String))]);
      expect(resolved(value)).toEqual(resolved({ a: [part] }));
    },
  );
});

describe("a condition", () => {
  const production = '<Name> = "production"?';
  it.each<[string, unknown, unknown]>([
    ["two values", { "Fn::If": ["InProduction", "a", "b"] }, { [production]: ["a", "b"] }],
    [
      "a value and AWS::NoValue",
      { "Fn::If": ["InProduction", "a", NO_VALUE] },
      { [production]: ["a", undefined] },
    ],
    ["a negated condition", { "Fn::If": ["Elsewhere", "a", "b"] }, { [production]: ["b", "a"] }],
    [
      "a condition on another value of the same parameter",
      { "Fn::If": ["InTest", "a", "b"] },
      { [production]: ["b", { '<Name> = "test"?': ["a", "b"] }] },
    ],
    [
      "Fn::If within an Fn::If with the same condition",
      { "Fn::If": ["InProduction", { "Fn::If": ["InProduction", "a", "b"] }, "c"] },
      { [production]: ["a", "c"] },
    ],
    [
      "within Fn::Sub",
      { "Fn::Sub": ["x-${N}-${N}", { N: { "Fn::If": ["InProduction", "a", "b"] } }] },
      { [production]: ["x-a-a", "x-b-b"] },
    ],
    [
      "within Fn::Join",
      { "Fn::Join": ["-", ["x", { "Fn::If": ["InProduction", "a", NO_VALUE] }]] },
      { [production]: ["x-a", "x"] },
    ],
    [
      "beside its parameter, which has the compared value in one branch",
      [{ Ref: "Name" }, { "Fn::If": ["InProduction", "a", "b"] }],
      {
        [production]: [
          ["production", "a"],
          [new Unknown("Name", undefined, "Name"), "b"],
        ],
      },
    ],
    [
      "beside Fn::FindInMap with its parameter as the key",
      [{ "Fn::FindInMap": ["M", { Ref: "Key" }, "l"] }, { "Fn::If": ["IsK", "a", "b"] }],
      {
        '<Key> = "k"?': [
          ["value", "a"],
          [new Unknown("Fn::FindInMap", undefined, "result 0"), "b"],
        ],
      },
    ],
    [
      "a condition that refers to itself",
      { "Fn::If": ["Round", "a", "b"] },
      { "condition Round?": ["b", "a"] },
    ],
    ["a condition that is not declared", { "Fn::If": ["None", "a", "b"] }, { "condition None?": ["a", "b"] }],
  ])("that is unknown keeps both branches of Fn::If: %s", (_name, value, expected) => {
    expect(words(resolved(value))).toEqual(expected);
  });

  it("is resolved as far as AllowedValues permit", () => {
    const template = readTemplate({
      Parameters: { P: { Type: "String", AllowedValues: ["yes", "no"] } },
      Conditions: {
        Yes: { "Fn::Equals": [{ Ref: "P" }, "yes"] },
        No: { "Fn::Equals": [{ Ref: "P" }, "no"] },
        Other: { "Fn::Equals": [{ Ref: "P" }, "other"] },
      },
      Resources: {
        A: {
          Type: "T",
          Properties: {
            Yes: { "Fn::If": ["Yes", 1, 2] },
            No: { "Fn::If": ["No", 1, 2] },
            Other: { "Fn::If": ["Other", 1, 2] },
          },
        },
      },
    });
    if (!template.ok) throw new Error(template.error.found);
    const { Yes, No, Other } = template.resources[0]?.properties ?? {};
    expect([Yes, No, Other].map(words)).toEqual([{ '<P> = "no"?': [2, 1] }, { '<P> = "no"?': [1, 2] }, 2]);
  });

  it.each<[string, object, unknown]>([
    ["a single string", { Type: "String", AllowedValues: ["yes"] }, "yes"],
    ["a single number", { Type: "Number", AllowedValues: [3600] }, "3600"],
    ["two strings", { Type: "String", AllowedValues: ["yes", "no"] }, undefined],
    ["a value from a function", { Type: "String", AllowedValues: [{ Ref: "Q" }, "yes"] }, undefined],
    ["the items of a list parameter", { Type: "CommaDelimitedList", AllowedValues: ["yes"] }, undefined],
    [
      "an SSM parameter's name",
      { Type: "AWS::SSM::Parameter::Value<String>", AllowedValues: ["yes"] },
      undefined,
    ],
  ])("is decided only by a parameter with one literal allowed value: %s", (_, P, expected) => {
    const template = readTemplate({
      Parameters: { P },
      Conditions: { No: { "Fn::Equals": [{ Ref: "P" }, "no"] } },
      Resources: { A: { Type: "T", Properties: { P: { Ref: "P" }, No: { "Fn::If": ["No", 1, 2] } } } },
    });
    if (!template.ok) throw new Error(template.error.found);
    const { P: value, No } = template.resources[0]?.properties ?? {};
    expect(value instanceof Unknown ? undefined : value).toBe(expected);
    expect(No instanceof Choice).toBe(expected === undefined);
  });

  it("of a resource sets its parameter's value within the resource", () => {
    const template = readTemplate({
      Parameters: PARAMETERS,
      Conditions: CONDITIONS,
      Resources: { A: { Type: "T", Condition: "InProduction", Properties: { Name: { Ref: "Name" } } } },
    });
    expect(template).toMatchObject({ ok: true, resources: [{ properties: { Name: "production" } }] });
  });

  it("of a resource decides Fn::If within it, and omits the resource when never true", () => {
    const role = (Condition: string) => ({
      Type: "AWS::IAM::Role",
      Condition,
      Properties: { Path: { "Fn::If": ["InProduction", "/a/", "/b/"] } },
    });
    const template = readTemplate({
      Parameters: PARAMETERS,
      Conditions: CONDITIONS,
      Resources: { A: role("InProduction"), B: role("Elsewhere"), C: role("Never"), D: role("Always") },
    });
    if (!template.ok) throw new Error(template.error.found);
    expect(
      template.resources.map(({ logicalId, properties, condition }) => [
        logicalId,
        words(properties.Path),
        words(condition),
      ]),
    ).toEqual([
      ["A", "/a/", { [production]: [true, false] }],
      ["B", "/b/", { [production]: [false, true] }],
      ["D", { [production]: ["/a/", "/b/"] }, undefined],
    ]);
  });
});

describe("a function that only a deployment resolves", () => {
  it.each<[string, unknown, string, string | undefined]>([
    ["a parameter with a default", { Ref: "Name" }, "Name", undefined],
    ["a resource", { Ref: "Deploy" }, "Deploy", "Deploy"],
    ["an attribute", { "Fn::GetAtt": ["Deploy", "Arn"] }, "Deploy.Arn", "Deploy"],
    ["an attribute in dotted form", { "Fn::GetAtt": "Deploy.Arn" }, "Deploy.Arn", "Deploy"],
    ["a nested stack's output", { "Fn::GetAtt": ["Stack", "Outputs.Arn"] }, "Stack.Outputs.Arn", undefined],
    ["Fn::Sub of a reference alone", { "Fn::Sub": "${Deploy}" }, "Deploy", "Deploy"],
    ["Fn::Sub of an attribute alone", { "Fn::Sub": "${Deploy.Arn}" }, "Deploy.Arn", "Deploy"],
    [
      "Fn::Sub of a variable that is a reference",
      { "Fn::Sub": ["${R}", { R: { Ref: "Deploy" } }] },
      "Deploy",
      "Deploy",
    ],
    ["Fn::Join of a single reference", { "Fn::Join": ["", [{ Ref: "Deploy" }]] }, "Deploy", "Deploy"],
    ["AWS::AccountId", { Ref: "AWS::AccountId" }, "AWS::AccountId", undefined],
    ["AWS::StackName", { Ref: "AWS::StackName" }, "AWS::StackName", undefined],
    ["Fn::Sub with an unknown part", { "Fn::Sub": "a${Name}" }, "Fn::Sub", undefined],
    ["Fn::Join of an unknown list", { "Fn::Join": ["", { Ref: "Name" }] }, "Fn::Join", undefined],
    ["Fn::ImportValue", { "Fn::ImportValue": "name" }, "Fn::ImportValue", undefined],
    ["Fn::Select from an unknown list", { "Fn::Select": [0, { Ref: "Names" }] }, "Fn::Select", undefined],
    [
      "Fn::FindInMap with the region as the key",
      { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "l"] },
      "Fn::FindInMap",
      undefined,
    ],
    [
      "a function that CloudFormation does not have",
      { "Fn::Secret-Sauce": "x" },
      "a function that AWS does not know",
      undefined,
    ],
    ["a function beside other keys", { "Fn::Sub": "x", More: 1 }, "Fn::Sub", undefined],
    ["a malformed Ref", { Ref: ["x"] }, "Ref", undefined],
    ["a malformed Fn::GetAtt", { "Fn::GetAtt": [["x"]] }, "Fn::GetAtt", undefined],
    ["a malformed Fn::Sub", { "Fn::Sub": [1, 2, 3] }, "Fn::Sub", undefined],
    ["a malformed Fn::Join", { "Fn::Join": "x" }, "Fn::Join", undefined],
    ["a malformed Fn::If", { "Fn::If": "x" }, "Fn::If", undefined],
  ])("is an unknown value labeled with its source: %s", (_name, value, label, refersTo) => {
    const opaque = resolved(value);
    expect(opaque).toBeInstanceOf(Unknown);
    expect(opaque).toMatchObject({ label, ...(refersTo === undefined ? {} : { refersTo }) });
  });

  it.each<[string, unknown, unknown, boolean]>([
    ["a parameter by Ref and by Fn::Sub", { Ref: "Name" }, { "Fn::Sub": "${Name}" }, true],
    [
      "the same text by Fn::Sub and by Fn::Join",
      { "Fn::Sub": "a-${Name}" },
      { "Fn::Join": ["-", ["a", { Ref: "Name" }]] },
      true,
    ],
    ["the same import", { "Fn::ImportValue": "n" }, { "Fn::ImportValue": "n" }, true],
    ["two different imports", { "Fn::ImportValue": "n" }, { "Fn::ImportValue": "m" }, false],
    ["the account and the region", { Ref: "AWS::AccountId" }, { Ref: "AWS::Region" }, false],
  ])("is the same unknown value only for the same inputs: %s", (_name, one, other, isSame) => {
    const both = resolved([one, other]);
    const [first, second]: unknown[] = Array.isArray(both) ? both : [];
    if (!(first instanceof Unknown && second instanceof Unknown)) throw new Error("they are known");
    expect(identityOf(first) === identityOf(second)).toBe(isSame);
  });
});

it("Ref beside another key, and Condition with an object, are plain data", () => {
  const data = { Ref: "Deploy", Type: "x" };
  expect(resolved(data)).toEqual(data);
  expect(resolved({ Condition: { Bool: {} } })).toEqual({ Condition: { Bool: {} } });
});
