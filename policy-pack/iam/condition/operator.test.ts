import { expect, test } from "vitest";
import { type Operator, parseOperator } from "./operator";

const STRING_EQUALS: Operator = {
  name: "StringEquals",
  family: "text",
  comparison: "equal",
  ignoreCase: false,
  negated: false,
  ifExists: false,
  quantifier: "one",
};

test.each<[string, Partial<Operator>]>([
  ["StringEquals", {}],
  ["stringequalsIFEXISTS", { name: "StringEqualsIfExists", ifExists: true }],
  ["StringNotLike", { name: "StringNotLike", family: "like", negated: true }],
  ["StringEqualsIgnoreCase", { name: "StringEqualsIgnoreCase", ignoreCase: true }],
  ["ForAllValues:StringEquals", { name: "ForAllValues:StringEquals", quantifier: "every" }],
  [
    "foranyvalue:stringequalsifexists",
    { name: "ForAnyValue:StringEqualsIfExists", quantifier: "some", ifExists: true },
  ],
  ["NumericLessThan", { name: "NumericLessThan", family: "number", comparison: "less" }],
  ["Bool", { name: "Bool", family: "boolean", ignoreCase: true }],
  ["Null", { name: "Null", family: "null" }],
])("the operator %s is parsed regardless of case", (written, expected) => {
  expect(parseOperator(written)).toEqual({ ...STRING_EQUALS, ...expected });
});

test.each([
  "",
  "IfExists",
  "NullIfExists",
  "ForAllValues:",
  "Every:StringEquals",
  "xForAllValues:StringEquals",
  "StringEqualsIfExistsToo",
])("%j is not an operator", (written) => {
  expect(parseOperator(written)).toBeUndefined();
});
