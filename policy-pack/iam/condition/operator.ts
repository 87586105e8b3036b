/** The kind of value that an operator compares. `null` tests whether the key is present. */
export type Family = "text" | "like" | "number" | "date" | "boolean" | "binary" | "ip" | "arn" | "null";

export type Comparison = "equal" | "less" | "less-or-equal" | "greater" | "greater-or-equal";

/**
 * A condition operator.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators".
 */
export interface Operator {
  /** As AWS spells it, with prefix and suffix. */
  readonly name: string;
  readonly family: Family;
  readonly comparison: Comparison;
  readonly ignoreCase: boolean;
  /** As `StringNotEquals`: holds if no value matches, or the key is absent. */
  readonly negated: boolean;
  readonly ifExists: boolean;
  /** `every` is `ForAllValues:`, `some` is `ForAnyValue:`. */
  readonly quantifier: "one" | "every" | "some";
}

type Basic = readonly [
  name: string,
  family: Family,
  comparison?: Comparison,
  negated?: "not" | undefined,
  ignoreCase?: "fold",
];

const BASIC: readonly Basic[] = [
  ["StringEquals", "text"],
  ["StringNotEquals", "text", "equal", "not"],
  ["StringEqualsIgnoreCase", "text", "equal", undefined, "fold"],
  ["StringNotEqualsIgnoreCase", "text", "equal", "not", "fold"],
  ["StringLike", "like"],
  ["StringNotLike", "like", "equal", "not"],
  ["NumericEquals", "number"],
  ["NumericNotEquals", "number", "equal", "not"],
  ["NumericLessThan", "number", "less"],
  ["NumericLessThanEquals", "number", "less-or-equal"],
  ["NumericGreaterThan", "number", "greater"],
  ["NumericGreaterThanEquals", "number", "greater-or-equal"],
  ["DateEquals", "date"],
  ["DateNotEquals", "date", "equal", "not"],
  ["DateLessThan", "date", "less"],
  ["DateLessThanEquals", "date", "less-or-equal"],
  ["DateGreaterThan", "date", "greater"],
  ["DateGreaterThanEquals", "date", "greater-or-equal"],
  ["Bool", "boolean"],
  ["BinaryEquals", "binary"],
  ["IpAddress", "ip"],
  ["NotIpAddress", "ip", "equal", "not"],
  ["ArnEquals", "arn"],
  ["ArnLike", "arn"],
  ["ArnNotEquals", "arn", "equal", "not"],
  ["ArnNotLike", "arn", "equal", "not"],
  ["Null", "null"],
];

const BY_NAME = new Map(BASIC.map((basic) => [basic[0].toLowerCase(), basic]));
const QUANTIFIERS = { "": "one", "forallvalues:": "every", "foranyvalue:": "some" } as const;
const PREFIXES = { one: "", every: "ForAllValues:", some: "ForAnyValue:" } as const;

/** Reads an operator's name, in any case; `undefined` for one that AWS does not know. */
export function parseOperator(written: string): Operator | undefined {
  const text = written.toLowerCase();
  const prefix = (["forallvalues:", "foranyvalue:"] as const).find((each) => text.startsWith(each)) ?? "";
  const ifExists = text.endsWith("ifexists");
  const basic = BY_NAME.get(text.slice(prefix.length, ifExists ? -"ifexists".length : undefined));
  if (basic === undefined) return undefined;
  const [name, family, comparison = "equal", negated, ignoreCase] = basic;
  if (family === "null" && ifExists) return undefined;
  const quantifier = QUANTIFIERS[prefix];
  return {
    name: `${PREFIXES[quantifier]}${name}${ifExists ? "IfExists" : ""}`,
    family,
    comparison,
    ignoreCase: ignoreCase === "fold" || family === "boolean",
    negated: negated === "not",
    ifExists,
    quantifier,
  };
}
