import { parseOperator } from "../condition/operator";
import { parseAddressBlock, parseDate, parseNumber } from "../solver/interval";
import type { Condition } from "./model";
import { form, isObject, join, type Read, type Reader, UNKNOWN } from "./read";
import { isText, type Text, Unknown } from "./unknown";

/** Reads a `Condition` element. */
export function parseConditions(value: unknown, path: string, reader: Reader): Read<readonly Condition[]> {
  if (value === undefined) return [];
  if (value instanceof Unknown) return UNKNOWN;
  if (!isObject(value)) return reader.refuse(path, form(value), "an object of operators");
  const conditions: Condition[] = [];
  const operators = new Set<string>();
  for (const [written, keys] of Object.entries(value)) {
    const place = join(path, written);
    const operator = parseOperator(written);
    if (operator === undefined) {
      const allowed = "an operator such as Bool, StringEquals, NumericLessThan or IpAddress";
      reader.refuse(place, "an unknown operator", allowed);
      continue;
    }
    reader.once(operators, operator.name, place, "operator");
    if (keys instanceof Unknown) return UNKNOWN;
    if (!isObject(keys)) {
      reader.refuse(place, form(keys), "an object of condition keys");
      continue;
    }
    if (Object.keys(keys).length === 0) reader.refuse(place, "an empty object", "at least one condition key");
    const seen = new Set<string>();
    for (const [name, given] of Object.entries(keys)) {
      const key = name.toLowerCase();
      const at = join(place, name);
      reader.once(seen, key, at, "key");
      const values = parseValues(given, at, reader);
      if (values === undefined) continue;
      checkValues(operator.family, values, at, reader);
      conditions.push({ operator, key, written: name, values });
    }
  }
  return conditions;
}

function parseValues(value: unknown, path: string, reader: Reader): Text[] | undefined {
  if (Array.isArray(value) && value.length === 0) return [];
  return reader.list(value, path, (each, place) => {
    if (isText(each)) return each;
    if (typeof each === "number" || typeof each === "boolean") return String(each);
    return reader.refuse(place, form(each), "text, a number, or true or false");
  });
}

type Family = Condition["operator"]["family"];

function checkValues(family: Family, values: readonly Text[], path: string, reader: Reader): void {
  const check = CHECKS[family];
  if (check === undefined) return;
  const [parse, allowed] = check;
  for (const value of values) {
    if (typeof value !== "string" || value.includes("${") || parse(value) !== undefined) continue;
    reader.refuse(path, "a value that the operator cannot compare", allowed);
  }
}

/** The values that an operator can compare, by its family. Any text, for the others. */
const CHECKS: { readonly [family in Family]?: readonly [(value: string) => unknown, allowed: string] } = {
  number: [parseNumber, "a number"],
  date: [parseDate, "a date such as 2030-01-31T00:00:00Z"],
  ip: [parseAddressBlock, "an address or block such as 203.0.113.0/24"],
  null: [(value) => /^(true|false)$/i.exec(value) ?? undefined, '"true" or "false"'],
};
