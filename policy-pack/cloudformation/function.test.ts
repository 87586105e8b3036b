// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, it } from "vitest";
import { Opaque } from "../iam/opaque";
import { readTemplate } from "./template";

/** What a property's value becomes beside the resource `Deploy` and a parameter `Name`. */
function resolved(value: unknown): unknown {
  const template = readTemplate({
    Parameters: { Name: { Type: "String", Default: "example" } },
    Resources: {
      Subject: { Type: "Example::Own::Type", Properties: { Value: value } },
      Deploy: { Type: "AWS::IAM::Role" },
    },
  });
  if (!template.ok) throw new Error(template.error.found);
  return template.resources[0]?.properties.Value;
}

const NO_VALUE = { Ref: "AWS::NoValue" };

describe("a function that the template decides", () => {
  it.each<[string, unknown, unknown]>([
    ["a pseudo parameter", { Ref: "AWS::AccountId" }, "000000000000"],
    [
      "a text with pseudo parameters",
      { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" },
      "arn:aws:iam::000000000000:root",
    ],
    ["a service's name", { "Fn::Sub": "ec2.${AWS::URLSuffix}" }, "ec2.amazonaws.com"],
    ["an escaped policy variable", { "Fn::Sub": "user/${!aws:username}" }, "user/${aws:username}"],
    [
      "a text with names of its own",
      { "Fn::Sub": ["${A}/${B}", { A: "x", B: { Ref: "AWS::Region" } }] },
      "x/us-east-1",
    ],
    ["an empty text", { "Fn::Sub": "" }, ""],
    [
      "a joined list",
      { "Fn::Join": [":", ["arn", { Ref: "AWS::Partition" }, "iam", "", 1]] },
      "arn:aws:iam::1",
    ],
    ["a joined list without what is no value", { "Fn::Join": ["-", ["a", NO_VALUE, "b"]] }, "a-b"],
    ["a choice between the same", { "Fn::If": ["InProduction", ["a"], ["a"]] }, ["a"]],
    [
      "a choice between two ways to write the same",
      { "Fn::If": ["C", "aws", { Ref: "AWS::Partition" }] },
      "aws",
    ],
    ["no value in a list", ["a", NO_VALUE], ["a"]],
    ["no value in an object", { a: NO_VALUE, b: 1 }, { b: 1 }],
    ["no value either way", NO_VALUE, undefined],
  ])("is its value: %s", (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });
});

describe("a function that only a deployment decides", () => {
  it.each<[string, unknown, string, string | undefined]>([
    ["a parameter, also with a default", { Ref: "Name" }, "Ref", undefined],
    ["a resource", { Ref: "Deploy" }, "Ref", "Deploy"],
    ["an attribute", { "Fn::GetAtt": ["Deploy", "Arn"] }, "Fn::GetAtt", "Deploy"],
    ["an attribute as text", { "Fn::GetAtt": "Deploy.Arn" }, "Fn::GetAtt", "Deploy"],
    ["an attribute of a nested name", { "Fn::GetAtt": ["Stack", "Outputs.Arn"] }, "Fn::GetAtt", undefined],
    ["a text that is only a reference", { "Fn::Sub": "${Deploy}" }, "Ref", "Deploy"],
    ["a text that is only an attribute", { "Fn::Sub": "${Deploy.Arn}" }, "Fn::GetAtt", "Deploy"],
    ["a text that is a given reference", { "Fn::Sub": ["${R}", { R: { Ref: "Deploy" } }] }, "Ref", "Deploy"],
    ["a list of one reference, joined", { "Fn::Join": ["", [{ Ref: "Deploy" }]] }, "Ref", "Deploy"],
    ["a text with a reference in it", { "Fn::Sub": "arn:${Deploy}" }, "Fn::Sub", undefined],
    ["the name of the stack", { Ref: "AWS::StackName" }, "Ref", undefined],
    [
      "a list with an unknown in it, joined",
      { "Fn::Join": ["", ["a", { Ref: "Name" }]] },
      "Fn::Join",
      undefined,
    ],
    ["a list that is not known, joined", { "Fn::Join": ["", { Ref: "Name" }] }, "Fn::Join", undefined],
    ["a choice", { "Fn::If": ["C", "a", "b"] }, "Fn::If", undefined],
    ["a choice of leaving it out", { "Fn::If": ["C", "a", NO_VALUE] }, "Fn::If", undefined],
    ["a choice between two attributes", { "Fn::If": ["C", { Ref: "A" }, { Ref: "B" }] }, "Fn::If", undefined],
    ["an import", { "Fn::ImportValue": "name" }, "Fn::ImportValue", undefined],
    [
      "a mapping by region",
      { "Fn::FindInMap": ["M", { Ref: "AWS::Region" }, "k"] },
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
    expect(resolved(value)).toEqual(new Opaque(label, refersTo));
  });
});

it("the key Ref beside others, and a condition, are plain data", () => {
  expect(resolved({ Ref: "Deploy", Type: "x" })).toEqual({ Ref: "Deploy", Type: "x" });
  expect(resolved({ Condition: { Bool: {} } })).toEqual({ Condition: { Bool: {} } });
});
