import { Choice, identityOf, partsOf, type Text, Unknown } from "../iam/policy/unknown";

const REFERENCE = /(\{\{resolve:.*?\}\})/s;

/**
 * A value with an unknown value in place of each dynamic reference, such as `{{resolve:ssm:/name}}`: the same one for the same
 * reference. CloudFormation resolves them after all functions.
 * Source: CloudFormation user guide, "Get values stored in other services using dynamic references".
 */
export function withoutReferences(value: unknown, scope: string): unknown {
  if (typeof value === "string" || value instanceof Unknown) return unresolved(value, scope);
  if (value instanceof Choice) {
    return value.with(withoutReferences(value.whenTrue, scope), withoutReferences(value.whenFalse, scope));
  }
  if (Array.isArray(value)) return value.map((each: unknown) => withoutReferences(each, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutReferences(each, scope)]),
  );
}

/** A reference may contain unknown parts: for the search, each is written as its index between two NUL characters. */
function unresolved(text: Text, scope: string): Text {
  const parts = partsOf(text);
  if (!parts.some((each) => typeof each === "string" && each.includes("{{resolve:"))) return text;
  const whole = parts.map((each, at) => (typeof each === "string" ? each : `\0${at}\0`)).join("");
  const pieces = whole.split(REFERENCE).flatMap((piece, index): readonly Text[] => {
    const inside = piece.split("\0").map((each, at) => (at % 2 === 0 ? each : (parts[Number(each)] ?? "")));
    return index % 2 === 0
      ? inside
      : [new Unknown("a dynamic reference", undefined, `${scope}${identityOf(inside)}`)];
  });
  return Unknown.text("a dynamic reference", pieces);
}
