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

/** What a property's value becomes beside the resource `Deploy`, a parameter `Name`, and what else is known. */
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
    ["as a whole", reference],
    ["in a text", `arn:aws:iam::111122223333:role/${reference}`],
    ["that a function puts together", { "Fn::Sub": "{{resolve:ssm:/${Key}/role:1}}" }],
    ["that a condition decides", { "Fn::If": ["InProduction", reference, reference] }],
  ])("is a value that is not known, %s", (_, value) => {
    const [first, again] = [resolved([value, value])].flat();
    expect(first).toBeInstanceOf(Unknown);
    expect(
      first instanceof Unknown && again instanceof Unknown && identityOf(first) === identityOf(again),
    ).toBe(true);
  });

  it("keeps the rest of the text, and is another than another", () => {
    const [text, other] = [resolved([`a-${reference}-b`, "{{resolve:ssm:/ci/other}}"])].flat();
    expect(text).toMatchObject({ parts: ["a-", expect.any(Unknown), "-b"] });
    expect(other instanceof Unknown && identityOf(other)).not.toBe(
      identityOf(resolved(reference) as Unknown),
    );
    expect(resolved("{{resolve")).toBe("{{resolve");
    expect(resolved({ a: [{ b: NO_VALUE, c: 1 }] })).toEqual({ a: [{ c: 1 }] });
  });
});

describe("a function that the template decides", () => {
  it.each<[string, unknown, unknown]>([
    ["an escaped policy variable", { "Fn::Sub": "user/${!aws:username}" }, "user/${aws:username}"],
    ["a text with names of its own", { "Fn::Sub": ["${A}/${B}", { A: "x", B: 1 }] }, "x/1"],
    ["an empty text", { "Fn::Sub": "" }, ""],
    ["a joined list", { "Fn::Join": [":", ["arn", "aws", "iam", "", 1]] }, "arn:aws:iam::1"],
    ["a joined list without what is no value", { "Fn::Join": ["-", ["a", NO_VALUE, "b"]] }, "a-b"],
    ["a choice between the same", { "Fn::If": ["InProduction", ["a"], ["a"]] }, ["a"]],
    ["no value in a list", ["a", NO_VALUE], ["a"]],
    ["no value in an object", { a: NO_VALUE, b: 1 }, { b: 1 }],
    ["no value either way", NO_VALUE, undefined],
    ["one of a list", { "Fn::Select": ["1", ["a", "b"]] }, "b"],
    ["one part of a text", { "Fn::Select": [1, { "Fn::Split": ["/", "a/b/c"] }] }, "b"],
    ["a mapped value", { "Fn::FindInMap": ["M", "k", "l"] }, "value"],
    [
      "a mapped value that is the same for every key",
      { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "same"] },
      "x",
    ],
    [
      "a mapped value that has a default",
      { "Fn::FindInMap": ["M", "none", "l", { DefaultValue: "d" }] },
      "d",
    ],
    ["a choice by a condition that always holds", { "Fn::If": ["Always", "a", "b"] }, "a"],
    ["a choice by one that never does", { "Fn::If": ["Never", "a", "b"] }, "b"],
    ["a choice by two that exclude each other", { "Fn::If": ["Nowhere", "a", "b"] }, "b"],
    ["a choice by one of which either holds", { "Fn::If": ["Somewhere", "a", "b"] }, "a"],
    ["a choice by a mapped value", { "Fn::If": ["Mapped", "a", "b"] }, "a"],
    [
      "a value as JSON",
      [{ "Fn::ToJsonString": { a: [{ Ref: "AWS::NoValue" }, true, "b"] } }],
      ['{"a":[true,"b"]}'],
    ],
    ["a property that is a document as JSON", { "Fn::ToJsonString": { a: 1 } }, { a: 1 }],
    ["a property that is another value as JSON", { "Fn::ToJsonString": ["a"] }, '["a"]'],
  ])("is its value: %s", (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it.each<[string, unknown, Partial<TemplateContext>, unknown]>([
    ["the account", { Ref: "AWS::AccountId" }, { account: "111122223333" }, "111122223333"],
    [
      "a service's name",
      { "Fn::Sub": "ec2.${AWS::URLSuffix}" },
      { region: "cn-north-1" },
      "ec2.amazonaws.com.cn",
    ],
    ["the partition", { "Fn::Sub": "arn:${AWS::Partition}" }, { region: "us-gov-east-1" }, "arn:aws-us-gov"],
    ["a parameter", { Ref: "Name" }, { parameters: { Name: "given" } }, "given"],
    ["a default, where the other parameters are given", { Ref: "Name" }, { parameters: {} }, "example"],
    ["a list", { "Fn::Select": [1, { Ref: "Names" }] }, { parameters: {} }, "b"],
    ["a condition", { "Fn::If": ["InProduction", 1, 2] }, { parameters: { Name: "production" } }, 1],
  ])("is what is known beside the template: %s", (_name, value, known, expected) => {
    expect(resolved(value, known)).toEqual(expected);
  });
});

/** A value with the choices that it hangs on in words. */
function words(value: unknown): unknown {
  if (!(value instanceof Choice)) return value;
  return { [`${value.id}?`]: [words(value.whenTrue), words(value.whenFalse)] };
}

describe("a value as JSON of which a part is not known", () => {
  it.each([{ Ref: "Key" }, { "Fn::If": ["InProduction", 1, 2] }])("is not known: %j", (part) => {
    const value = { "Fn::ToJsonString": { a: [part] } };
    expect(resolved([value])).toEqual([new Unknown("Fn::ToJsonString", undefined, expect.any(String))]);
    expect(resolved(value)).toEqual(resolved({ a: [part] }));
  });
});

describe("a choice by a condition that is not known", () => {
  const production = '<Name> = "production"?';
  it.each<[string, unknown, unknown]>([
    ["of two values", { "Fn::If": ["InProduction", "a", "b"] }, { [production]: ["a", "b"] }],
    ["of leaving it out", { "Fn::If": ["InProduction", "a", NO_VALUE] }, { [production]: ["a", undefined] }],
    ["by its opposite", { "Fn::If": ["Elsewhere", "a", "b"] }, { [production]: ["b", "a"] }],
    [
      "by another value of the same parameter, which excludes it",
      { "Fn::If": ["InTest", "a", "b"] },
      { [production]: ["b", { '<Name> = "test"?': ["a", "b"] }] },
    ],
    [
      "inside the same choice, which is made already",
      { "Fn::If": ["InProduction", { "Fn::If": ["InProduction", "a", "b"] }, "c"] },
      { [production]: ["a", "c"] },
    ],
    [
      "inside a text",
      { "Fn::Sub": ["x-${N}-${N}", { N: { "Fn::If": ["InProduction", "a", "b"] } }] },
      { [production]: ["x-a-a", "x-b-b"] },
    ],
    [
      "inside a joined list",
      { "Fn::Join": ["-", ["x", { "Fn::If": ["InProduction", "a", NO_VALUE] }]] },
      { [production]: ["x-a", "x"] },
    ],
    [
      "beside the same parameter, which then is what the condition says",
      [{ Ref: "Name" }, { "Fn::If": ["InProduction", "a", "b"] }],
      {
        [production]: [
          ["production", "a"],
          [new Unknown("Name", undefined, "Name"), "b"],
        ],
      },
    ],
    [
      "beside a mapped value of the same parameter",
      [{ "Fn::FindInMap": ["M", { Ref: "Key" }, "l"] }, { "Fn::If": ["IsK", "a", "b"] }],
      {
        '<Key> = "k"?': [
          ["value", "a"],
          [new Unknown("Fn::FindInMap", undefined, "result 0"), "b"],
        ],
      },
    ],
    ["by one that names itself", { "Fn::If": ["Round", "a", "b"] }, { "condition Round?": ["b", "a"] }],
    ["by one that is not there", { "Fn::If": ["None", "a", "b"] }, { "condition None?": ["a", "b"] }],
  ])("keeps both: %s", (_name, value, expected) => {
    expect(words(resolved(value))).toEqual(expected);
  });

  it("is known where the allowed values leave nothing else", () => {
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
    ["the only one that is allowed", { Type: "String", AllowedValues: ["yes"] }, "yes"],
    ["a number", { Type: "Number", AllowedValues: [3600] }, "3600"],
    ["one of two", { Type: "String", AllowedValues: ["yes", "no"] }, undefined],
    ["what a function allows", { Type: "String", AllowedValues: [{ Ref: "Q" }, "yes"] }, undefined],
    ["the entries of a list", { Type: "CommaDelimitedList", AllowedValues: ["yes"] }, undefined],
    [
      "a name in the Systems Manager",
      { Type: "AWS::SSM::Parameter::Value<String>", AllowedValues: ["yes"] },
      undefined,
    ],
  ])("of a parameter is known or not: %s", (_, P, expected) => {
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

  it("of a resource says inside it what a parameter is", () => {
    const template = readTemplate({
      Parameters: PARAMETERS,
      Conditions: CONDITIONS,
      Resources: { A: { Type: "T", Condition: "InProduction", Properties: { Name: { Ref: "Name" } } } },
    });
    expect(template).toMatchObject({ ok: true, resources: [{ properties: { Name: "production" } }] });
  });

  it("of a resource is made inside it, and takes it away where it never holds", () => {
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

describe("a function that only a deployment decides", () => {
  it.each<[string, unknown, string, string | undefined]>([
    ["a parameter, also with a default", { Ref: "Name" }, "Name", undefined],
    ["a resource", { Ref: "Deploy" }, "Deploy", "Deploy"],
    ["an attribute", { "Fn::GetAtt": ["Deploy", "Arn"] }, "Deploy.Arn", "Deploy"],
    ["an attribute as text", { "Fn::GetAtt": "Deploy.Arn" }, "Deploy.Arn", "Deploy"],
    [
      "an attribute of a nested name",
      { "Fn::GetAtt": ["Stack", "Outputs.Arn"] },
      "Stack.Outputs.Arn",
      undefined,
    ],
    ["a text that is only a reference", { "Fn::Sub": "${Deploy}" }, "Deploy", "Deploy"],
    ["a text that is only an attribute", { "Fn::Sub": "${Deploy.Arn}" }, "Deploy.Arn", "Deploy"],
    [
      "a text that is a given reference",
      { "Fn::Sub": ["${R}", { R: { Ref: "Deploy" } }] },
      "Deploy",
      "Deploy",
    ],
    ["a list of one reference, joined", { "Fn::Join": ["", [{ Ref: "Deploy" }]] }, "Deploy", "Deploy"],
    ["the account", { Ref: "AWS::AccountId" }, "AWS::AccountId", undefined],
    ["the name of the stack", { Ref: "AWS::StackName" }, "AWS::StackName", undefined],
    ["a text with an unknown in it", { "Fn::Sub": "a${Name}" }, "Fn::Sub", undefined],
    ["a list that is not known, joined", { "Fn::Join": ["", { Ref: "Name" }] }, "Fn::Join", undefined],
    ["an import", { "Fn::ImportValue": "name" }, "Fn::ImportValue", undefined],
    ["one of a list that is not known", { "Fn::Select": [0, { Ref: "Names" }] }, "Fn::Select", undefined],
    [
      "a mapping by region",
      { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "l"] },
      "Fn::FindInMap",
      undefined,
    ],
    [
      "a name that AWS does not know",
      { "Fn::Secret-Sauce": "x" },
      "a function that AWS does not know",
      undefined,
    ],
    ["a function beside other keys", { "Fn::Sub": "x", More: 1 }, "Fn::Sub", undefined],
    ["a malformed reference", { Ref: ["x"] }, "Ref", undefined],
    ["a malformed attribute", { "Fn::GetAtt": [["x"]] }, "Fn::GetAtt", undefined],
    ["a malformed text", { "Fn::Sub": [1, 2, 3] }, "Fn::Sub", undefined],
    ["a malformed join", { "Fn::Join": "x" }, "Fn::Join", undefined],
    ["a malformed choice", { "Fn::If": "x" }, "Fn::If", undefined],
  ])("is opaque: %s", (_name, value, label, refersTo) => {
    const opaque = resolved(value);
    expect(opaque).toBeInstanceOf(Unknown);
    expect(opaque).toMatchObject({ label, ...(refersTo === undefined ? {} : { refersTo }) });
  });

  it.each<[string, unknown, unknown, boolean]>([
    ["a parameter", { Ref: "Name" }, { "Fn::Sub": "${Name}" }, true],
    ["a text", { "Fn::Sub": "a-${Name}" }, { "Fn::Join": ["-", ["a", { Ref: "Name" }]] }, true],
    ["an import", { "Fn::ImportValue": "n" }, { "Fn::ImportValue": "n" }, true],
    ["another import", { "Fn::ImportValue": "n" }, { "Fn::ImportValue": "m" }, false],
    ["the account and the region", { Ref: "AWS::AccountId" }, { Ref: "AWS::Region" }, false],
  ])("is one value wherever it stands: %s", (_name, one, other, isSame) => {
    const both = resolved([one, other]);
    const [first, second]: unknown[] = Array.isArray(both) ? both : [];
    if (!(first instanceof Unknown && second instanceof Unknown)) throw new Error("they are known");
    expect(identityOf(first) === identityOf(second)).toBe(isSame);
  });
});

it("the key Ref beside others, and a condition, are plain data", () => {
  const data = { Ref: "Deploy", Type: "x" };
  expect(resolved(data)).toEqual(data);
  expect(resolved({ Condition: { Bool: {} } })).toEqual({ Condition: { Bool: {} } });
});
