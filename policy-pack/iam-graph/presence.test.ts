import { describe, expect, test } from "vitest";
import { parsePolicy } from "../iam/policy/parse";
import { Choice } from "../iam/policy/unknown";
import { ALWAYS, besides, excludeEachOther, isSure, presentBeside, under } from "./presence";
import type { Resource } from "./resource";

const when = (id: string, whenTrue: unknown = true, whenFalse: unknown = false) =>
  new Choice(id, whenTrue, whenFalse);
const resource = (condition?: Choice): Resource => ({
  ...{ urn: "urn", type: "type", name: "name", props: {}, dependencies: {}, secretOutputs: [] },
  ...(condition === undefined ? {} : { condition }),
});
const IS_PROD = when("IsProd");

describe("a resource of a template is there", () => {
  test.each<[string, Choice | undefined, Choice | undefined, object[]]>([
    ["always, without a condition", undefined, undefined, [{}]],
    ["always, whatever the other's condition is", undefined, IS_PROD, [{}]],
    ["under its condition", IS_PROD, undefined, [{ IsProd: true }]],
    ["where its condition does not hold", when("IsProd", false, true), undefined, [{ IsProd: false }]],
    ["always beside one of the same condition", IS_PROD, IS_PROD, [{}]],
    ["always beside one that is there under the same condition", IS_PROD, when("IsProd"), [{}]],
    ["never beside one that is there where it is not", IS_PROD, when("IsProd", false, true), []],
    [
      "under what the other's condition leaves open",
      when("IsProd", when("IsTest"), false),
      IS_PROD,
      [{ IsTest: true }],
    ],
    [
      "under what of its ways the other leaves, where it is there in several",
      when("IsProd", when("IsTest"), when("IsLive")),
      when("IsProd", false, true),
      [{ IsLive: true }],
    ],
    ["under another condition", IS_PROD, when("IsTest"), [{ IsProd: true }]],
  ])("%s", (_, own, other, expected) => {
    const paths = presentBeside(resource(own), resource(other));
    expect(paths.map((path) => Object.fromEntries(path))).toEqual(expected);
    expect(isSure(paths)).toBe(expected.some((path) => Object.keys(path).length === 0));
  });
});

const paths = (...all: object[]) => all.map((each) => new Map<string, boolean>(Object.entries(each)));

test.each<[string, object[], object[], boolean]>([
  ["of opposite conditions", [{ A: true }], [{ A: false }], true],
  ["of different conditions", [{ A: true }], [{ B: false }], false],
  [
    "of which one is there in two ways, and only one of them excludes the other",
    [{ A: true }, { B: true }],
    [{ A: false }],
    false,
  ],
  [
    "of which both of two ways exclude the other",
    [{ A: true }, { A: true, B: true }],
    [{ A: false }, { A: false, B: true }],
    true,
  ],
  ["of which one is always there", [{}], [{ A: false }], false],
])("two %s", (_, one, other, exclude) => {
  expect(excludeEachOther(paths(...one), paths(...other))).toBe(exclude);
  expect(excludeEachOther(paths(...other), paths(...one))).toBe(exclude);
});

test.each<[string, object[], object[], object[]]>([
  ["nothing of always, beside always", [{}], [{}], []],
  ["always, beside nothing", [{}], [], [{}]],
  ["the opposite", [{}], [{ A: true }], [{ A: false }]],
  [
    "where either of two that hold together does not",
    [{}],
    [{ A: true, B: false }],
    [{ A: false }, { B: true }],
  ],
  ["where neither of two holds", [{}], [{ A: true }, { B: true }], [{ A: false, B: false }]],
  [
    "its own ways as far as they are left",
    [{ A: true }, { B: true }],
    [{ A: true }],
    [{ B: true, A: false }],
  ],
])("beside others there is left %s", (_, own, others, left) => {
  expect(besides(paths(...own), paths(...others))?.map((path) => Object.fromEntries(path))).toEqual(left);
});

test("beside too many others nobody says what is left", () => {
  const pairs = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ [`a${at}`]: true, [`b${at}`]: true }));
  expect(besides(paths({}), paths(...pairs(6)))).toHaveLength(64);
  expect(besides(paths({}), paths(...pairs(7)))).toBeUndefined();
});

describe("a document that is there in some ways", () => {
  const statement = { Effect: "Deny", Action: "*", Resource: "*" };
  const parsed = parsePolicy(
    { Statement: [statement, new Choice("IsProd", statement, undefined)] },
    "identity",
  );
  if (!parsed.ok) throw new Error("refused");
  const document = { kind: "policy", policy: parsed.policy, where: "policy" } as const;
  const whens = (...paths: ReadonlyMap<string, boolean>[]) => {
    const result = under(document, paths);
    return result.kind === "policy"
      ? result.policy.statements.map((each) => Object.fromEntries(each.when ?? []))
      : [];
  };

  test("has each statement under both, where they do not exclude each other", () => {
    expect(whens(new Map())).toEqual([{}, { IsProd: true }]);
    expect(whens(new Map([["IsProd", true]]))).toEqual([{ IsProd: true }, { IsProd: true }]);
    expect(whens(new Map([["IsProd", false]]))).toEqual([{ IsProd: false }]);
    expect(whens(new Map([["IsTest", true]]), new Map([["IsTest", false]]))).toEqual([
      { IsTest: true },
      { IsProd: true, IsTest: true },
      { IsTest: false },
      { IsProd: true, IsTest: false },
    ]);
    expect(whens()).toEqual([]);
  });

  test("is nothing else where it is not known, or refused", () => {
    const unknown = { kind: "unknown", where: "policy" } as const;
    expect(under(unknown, [])).toBe(unknown);
    expect(under(document, ALWAYS)).toBe(document);
  });
});
