import type { RefusedDocument } from "../evaluation/assessment";
import type { Description } from "../evaluation/rule";

/** A document that AWS would refuse, with the path of each error. */
export function describeRefused({ where, errors }: RefusedDocument): Description {
  const places = errors.map(
    ({ path, found, allowed }) => `  ${path === "" ? "" : `${path}: `}found ${found}, expected ${allowed}`,
  );
  return {
    reason: `AWS would refuse ${where}, so it cannot be evaluated.`,
    lines: [`AWS would refuse ${where}:`, ...places, "Fix: correct what is listed."],
  };
}

/** A statement by its index and, if it has one, its Sid. */
export function statementName(index: number, sid: string | undefined): string {
  return sid === undefined || sid === "" ? `Statement[${index}]` : `Statement[${index}] "${sid}"`;
}

/** The first two names, and the number of others. */
export function few(names: readonly string[]): string {
  const [first = "nobody", second, ...more] = [...new Set(names)];
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`;
}
