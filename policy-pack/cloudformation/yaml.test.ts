// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, it } from "vitest";
import { readYaml } from "./yaml";

function read(text: string): unknown {
  const reading = readYaml(text);
  if (!reading.ok) throw new Error(`${reading.error.where}: ${reading.error.found}`);
  return reading.value;
}

function errorOf(text: string): unknown {
  const reading = readYaml(text);
  return reading.ok ? undefined : reading.error;
}

describe("a YAML scalar", () => {
  it.each<[string, unknown]>([
    ["2012-10-17", "2012-10-17"],
    ["on", "on"],
    ["No", "No"],
    ["012345678901", "012345678901"],
    ["111122223333", "111122223333"],
    ["0x10", "0x10"],
    ["1e3", "1e3"],
    ["12:30:45", "12:30:45"],
    ["1.10", "1.10"],
    ["3600", 3600],
    ["-1.5", -1.5],
    ["true", true],
    ["False", false],
    ["'true'", "true"],
    ['"3600"', "3600"],
    ["!!str true", "true"],
    ["~", null],
    ["", null],
    ["|\n  two\n  lines\n", "two\nlines\n"],
    ['|2\n  "one" [\n  two\n', '"one" [\ntwo\n'],
  ])("%s is read as %o", (text, value) => {
    expect(read(`key: ${text}`)).toEqual({ key: value });
  });
});

describe("a short form", () => {
  it.each<[string, unknown]>([
    ["!Ref Admins", { Ref: "Admins" }],
    ["!Ref AWS::NoValue", { Ref: "AWS::NoValue" }],
    ["!GetAtt Guard.Arn", { "Fn::GetAtt": "Guard.Arn" }],
    ["!GetAtt [Guard, Arn]", { "Fn::GetAtt": ["Guard", "Arn"] }],
    ["!Sub 'arn:${AWS::Partition}'", { "Fn::Sub": "arn:${AWS::Partition}" }],
    ["!Sub 12", { "Fn::Sub": "12" }],
    ["!Join ['', [a, !Ref B]]", { "Fn::Join": ["", ["a", { Ref: "B" }]] }],
    ["!If [C, a, !Ref AWS::NoValue]", { "Fn::If": ["C", "a", { Ref: "AWS::NoValue" }] }],
    ["!Not [!Condition C]", { "Fn::Not": [{ Condition: "C" }] }],
    ["!Transform {Name: AWS::Include}", { "Fn::Transform": { Name: "AWS::Include" } }],
    ["!Select\n  - 0\n  - !GetAZs ''", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }],
  ])("%s is read as its long form", (text, value) => {
    expect(read(`key: ${text}`)).toEqual({ key: value });
  });
});

describe("an alias or a merge key", () => {
  it("has the value of its anchor", () => {
    expect(read("a: &x {b: !Ref C}\nd: *x\ne: [&x 1, *x]")).toEqual({
      a: { b: { Ref: "C" } },
      d: { b: { Ref: "C" } },
      e: [1, 1],
    });
  });

  it("adds only absent keys, the first of several maps taking precedence", () => {
    expect(
      read("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\nd: {<<: *b, y: 4}"),
    ).toMatchObject({
      c: { x: 1, y: 2, z: 3 },
      d: { x: 2, y: 4 },
    });
  });

  it("is rejected without an earlier anchor or a map to merge", () => {
    expect(errorOf("a: 1\nb: *x")).toMatchObject({
      where: "line 2",
      found: "an alias without an anchor before it",
    });
    expect(errorOf("a: &x [*x]")).toMatchObject({ found: "an alias without an anchor before it" });
    expect(errorOf("a: {<<: 1}")).toMatchObject({ found: "a merge key whose value is not a map" });
  });
});

describe("a layout that YAML 1.1 accepts", () => {
  it.each<[string, string, unknown]>([
    ["a bracket closed at the margin", "a:\n  b: {\n    c: d\n}\ne: f", { a: { b: { c: "d" } }, e: "f" }],
    ["brackets with everything at the margin", 'a:\n- {\n"b": [\n1,\n# x\n2\n]\n}', { a: [{ b: [1, 2] }] }],
    [
      "a list that ends to the left of its key",
      "a:\n  b:\n    c: [\n      d\n  ]\n  e: f",
      { a: { b: { c: ["d"] }, e: "f" } },
    ],
    [
      "a quoted text with lines at the margin",
      "a:\n  b: \"x\ny\"\n  c: 'x\n\ny'",
      { a: { b: "x y", c: "x\ny" } },
    ],
    ["a comment without a space before it", 'a: "b"#c\nd: [e]#f', { a: "b", d: ["e"] }],
    ["an empty value in brackets", "a: {b, c: }", { a: { b: null, c: null } }],
    ["a text with a bracket in it", "a: b [\n  c\nd: e", { a: "b [ c", d: "e" }],
  ])("is read: %s", (_name, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it("with a repeated key takes the last value and reports its line", () => {
    expect(readYaml("a: 1\nb: 2\na: {c: 3}")).toEqual({
      ok: true,
      value: { a: { c: 3 }, b: 2 },
      twice: "line 3",
    });
  });
});

describe("invalid YAML", () => {
  it.each([
    ["a key that is not text", "? [a]\n: 1", "line 1", "a key that is not text"],
    ["two documents", "a: 1\n---\nb: 2", "", "2 YAML documents"],
    ["bad indentation", "a:\n  b: 1\n c: 2", "line 3", "text that is neither JSON nor YAML"],
    ["an open bracket", "a: [1, 2", "line 1", "text that is neither JSON nor YAML"],
    ["a binary tag", "a: !!binary aGk=", "line 1", "a tag that CloudFormation does not know"],
    ["a deep list", "a: ".concat("[".repeat(500)), "line 1", "values nested too deep"],
    ["many lists in one line", "- ".repeat(5000), "line 1", "values nested too deep"],
  ])("is rejected with what was found and where: %s", (_name, text, where, found) => {
    expect(errorOf(text)).toMatchObject({ where, found });
  });

  it("is never quoted in the error", () => {
    const texts = ["a: [secret", "a: &secret\nb: *secret2", "a: !secret/x y"];
    for (const text of texts) expect(JSON.stringify(errorOf(text))).not.toContain("secret");
  });
});
