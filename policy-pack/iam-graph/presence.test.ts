import { describe, expect, test } from "vitest";
import { parsePolicy } from "../iam/policy/parse";
import { Choice } from "../iam/policy/unknown";
import { isSure, presentBeside, under } from "./presence";
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
    ["under another condition", IS_PROD, when("IsTest"), [{ IsProd: true }]],
  ])("%s", (_, own, other, expected) => {
    const paths = presentBeside(resource(own), resource(other));
    expect(paths.map((path) => Object.fromEntries(path))).toEqual(expected);
    expect(isSure(paths)).toBe(expected.some((path) => Object.keys(path).length === 0));
  });
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
  });
});
