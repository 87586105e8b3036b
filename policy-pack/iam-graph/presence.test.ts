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

describe("a resource of a template exists", () => {
  test.each<[string, Choice | undefined, Choice | undefined, object[]]>([
    ["always, without a condition", undefined, undefined, [{}]],
    ["always, whatever the other's condition is", undefined, IS_PROD, [{}]],
    ["under its condition", IS_PROD, undefined, [{ IsProd: true }]],
    ["if its condition is false", when("IsProd", false, true), undefined, [{ IsProd: false }]],
    ["always beside one with the same condition", IS_PROD, IS_PROD, [{}]],
    ["always beside one with an equal condition", IS_PROD, when("IsProd"), [{}]],
    ["never beside one with the opposite condition", IS_PROD, when("IsProd", false, true), []],
    [
      "under the part of its condition that the other's leaves open",
      when("IsProd", when("IsTest"), false),
      IS_PROD,
      [{ IsTest: true }],
    ],
    [
      "under the one of its two conditions that the other's leaves open",
      when("IsProd", when("IsTest"), when("IsLive")),
      when("IsProd", false, true),
      [{ IsLive: true }],
    ],
    ["under its condition beside one with another condition", IS_PROD, when("IsTest"), [{ IsProd: true }]],
  ])("%s", (_, own, other, expected) => {
    const paths = presentBeside(resource(own), resource(other));
    expect(paths.map((path) => Object.fromEntries(path))).toEqual(expected);
    expect(isSure(paths)).toBe(expected.some((path) => Object.keys(path).length === 0));
  });
});

const paths = (...all: object[]) => all.map((each) => new Map<string, boolean>(Object.entries(each)));

test.each<[string, object[], object[], boolean]>([
  ["opposite conditions", [{ A: true }], [{ A: false }], true],
  ["different conditions", [{ A: true }], [{ B: false }], false],
  ["one of two alternatives opposite", [{ A: true }, { B: true }], [{ A: false }], false],
  [
    "both of two alternatives opposite",
    [{ A: true }, { A: true, B: true }],
    [{ A: false }, { A: false, B: true }],
    true,
  ],
  ["no condition on one side", [{}], [{ A: false }], false],
])("two resources with %s exclude each other: $3", (_, one, other, exclude) => {
  expect(excludeEachOther(paths(...one), paths(...other))).toBe(exclude);
  expect(excludeEachOther(paths(...other), paths(...one))).toBe(exclude);
});

test.each<[string, object[], object[], object[]]>([
  ["never, if another always exists", [{}], [{}], []],
  ["always, if there are no others", [{}], [], [{}]],
  ["under the opposite of the other's condition", [{}], [{ A: true }], [{ A: false }]],
  ["if either of two joint conditions is false", [{}], [{ A: true, B: false }], [{ A: false }, { B: true }]],
  ["if both of two alternatives are false", [{}], [{ A: true }, { B: true }], [{ A: false, B: false }]],
  [
    "under those of its own conditions that the others leave",
    [{ A: true }, { B: true }],
    [{ A: true }],
    [{ B: true, A: false }],
  ],
])("a resource exists without others %s", (_, own, others, left) => {
  expect(besides(paths(...own), paths(...others))?.map((path) => Object.fromEntries(path))).toEqual(left);
});

test("too many others leave it undecided when a resource exists without them", () => {
  const pairs = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ [`a${at}`]: true, [`b${at}`]: true }));
  expect(besides(paths({}), paths(...pairs(6)))).toHaveLength(64);
  expect(besides(paths({}), paths(...pairs(7)))).toBeUndefined();
});

describe("a document under conditions", () => {
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

  test("has each statement under both conditions unless they exclude each other", () => {
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

  test("is unchanged if it is unknown or always exists", () => {
    const unknown = { kind: "unknown", where: "policy" } as const;
    expect(under(unknown, [])).toBe(unknown);
    expect(under(document, ALWAYS)).toBe(document);
  });
});
