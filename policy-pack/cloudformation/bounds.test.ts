// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { BOUNDS } from "./model";
import { readTemplate } from "./template";

const MANY = 400_000;

/** Texts that are slow to read, deeply nested, or large once resolved. */
const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ["more than a megabyte", "a".repeat(BOUNDS.bytes + 1)],
  ["deep JSON", `{"a":${"[".repeat(MANY)}${"]".repeat(MANY)}}`],
  [
    "deep JSON in a function",
    `{"Resources":{"A":{"Type":"T","Properties":{"P":{"Fn::If":["C",${deep(90_000)},${deep(90_000)}]}}}}}`,
  ],
  [
    "deep JSON as an attribute",
    `{"Resources":{"A":{"Type":"T","Properties":{"P":{"Fn::GetAtt":${deep(90_000)}}}}}}`,
  ],
  ["deep flow lists", "[".repeat(MANY)],
  ["deep flow maps", "{a: ".repeat(MANY / 4)],
  ["deep block lists", "- ".repeat(MANY)],
  ["deep explicit keys", "? ".repeat(MANY)],
  ["deep implicit keys", "a: ".repeat(MANY / 3)],
  ["deep indentation", Array.from({ length: 1000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
  ["commas only", `[${",".repeat(MANY)}`],
  ["many keys", Array.from({ length: 60_000 }, (_, index) => `k${index}: a`).join("\n")],
  ["many anchors", "&a ".repeat(MANY / 3)],
  ["many documents", "---\n".repeat(MANY / 4)],
  ["an alias bomb", bomb((name, before) => `${name}: &${name} [${`*${before},`.repeat(9)}]`)],
  ["a merge bomb", `${merges(3000)}\nb: {<<: [${"*a,".repeat(3000)}]}`],
  [
    "an Fn::Join bomb",
    `A: &a ${"x".repeat(400_000)}\nResources: {R: {Type: T, Properties: {P: !Join ['', [${"*a,".repeat(2000)}]]}}}`,
  ],
  [
    "an Fn::Sub bomb",
    `{"Resources":{"R":{"Type":"T","Properties":{"P":{"Fn::Sub":["${"${A}".repeat(9000)}",{"A":"${"x".repeat(9000)}"}]}}}}}`,
  ],
];

function deep(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

function bomb(line: (name: string, before: string) => string): string {
  const lines = Array.from({ length: 40 }, (_, index) => line(`n${index + 1}`, `n${index}`));
  const properties = "Resources: {R: {Type: T, Properties: {P: *n40}}}";
  return ["n0: &n0 x", ...lines, properties].join("\n");
}

function merges(keys: number): string {
  return `a: &a {${Array.from({ length: keys }, (_, index) => `k${index}: 1`).join(", ")}}`;
}

/** A scalar of many lines, as an inline script or schema is. */
const LINES: readonly (readonly [name: string, begin: string, line: string, end: string])[] = [
  ["a block", "|\n", '    echo "it\'s {one} [of] many"\n', ""],
  ["a quoted text", '"\n', "    it's {one} [of] many\n", '    "\n'],
  ["a plain text", "a\n", "    one of many\n", ""],
];

it.each(LINES)("%s of thousands of lines is read", (_name, begin, line, end) => {
  const text = `Resources:\n  A:\n   Type: T\n   Properties:\n    P: ${begin}${"  ".concat(line).repeat(20_000)}  ${end}`;
  expect(readTemplate(text)).toMatchObject({ ok: true, resources: [{ logicalId: "A" }] });
});

describe("a hostile template", () => {
  it.each(HOSTILE)("is refused: %s", (_name, text) => {
    expect(readTemplate(text)).toMatchObject({ ok: false });
  });

  it("is refused as an object that contains itself", () => {
    const body: Record<string, unknown> = { Type: "T", Properties: {} };
    body.Properties = { P: body };
    expect(readTemplate({ Resources: { A: body } })).toMatchObject({
      ok: false,
      error: { found: "values nested too deep" },
    });
  });

  it("keeps a key named __proto__ as plain data", () => {
    const text = '{"Resources":{"A":{"Type":"T","Properties":{"__proto__":{"polluted":true}}}}}';
    for (const template of [readTemplate(text), readTemplate(stringify(JSON.parse(text)))]) {
      if (!template.ok) throw new Error(template.error.found);
      const properties = template.resources[0]?.properties ?? {};
      expect(Object.keys(properties)).toEqual(["__proto__"]);
      expect(Reflect.get(properties, "polluted")).toBeUndefined();
    }
  });
});

describe("any template", () => {
  const functions = ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::Select", "Fn::Transform"];
  const word = fc.constantFrom(
    "A",
    "B",
    "AWS::NoValue",
    "AWS::Partition",
    "${A}",
    "${B.Arn}",
    "x",
    "on",
    "2012-10-17",
    "",
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      word,
      fc.integer({ min: -9999, max: 99_999 }),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(fc.constantFrom("Statement", "Condition", "Groups"), fc.string()),
        tie("value"),
        { maxKeys: 4 },
      ),
      fc.tuple(fc.constantFrom(...functions), tie("value")).map(([name, argument]) => ({ [name]: argument })),
    ),
  }));
  const properties = fc.dictionary(fc.constantFrom("Groups", "PolicyDocument", "Path"), value);
  const resource = fc.record({ Type: fc.constant("AWS::IAM::Policy"), Properties: properties });
  const template = fc.record({ Resources: fc.dictionary(fc.constantFrom("A", "B", "C"), resource) });

  function hasMergeKey(body: unknown): boolean {
    return JSON.stringify(body).includes('"<<":');
  }

  it("reads the same as an object, as JSON and as YAML", () => {
    fc.assert(
      fc.property(template, (body) => {
        fc.pre(!hasMergeKey(body));
        const expected = readTemplate(body);
        expect(expected.ok).toBe(true);
        expect(readTemplate(JSON.stringify(body))).toEqual(expected);
        expect(readTemplate(stringify(body))).toEqual(expected);
        expect(readTemplate(stringify(body, { collectionStyle: "flow", lineWidth: 0 }))).toEqual(expected);
      }),
    );
  });

  it("is read or refused without an exception", () => {
    const ok = (body: unknown) => {
      expect(readTemplate(body).ok).toBeTypeOf("boolean");
    };
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), ok));
    fc.assert(fc.property(fc.record({ Resources: fc.dictionary(fc.string(), fc.jsonValue()) }), ok));
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), ok));
  });

  it("is read or refused without an exception after any edit of its text", () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom("&a ", "*a", "!Ref ", "<<: ", "? ", "- ", "\n", "{", "}", "|"),
    );
    fc.assert(
      fc.property(template, noise, fc.nat(), fc.nat({ max: 8 }), (body, extra, at, cut) => {
        const text = stringify(body);
        const place = at % (text.length + 1);
        const broken = `${text.slice(0, place)}${extra}${text.slice(place + cut)}`;
        expect(readTemplate(broken).ok).toBeTypeOf("boolean");
      }),
    );
  });
});
