import { findDuplicateKey } from "../iam/document/json";
import { BOUNDS, type Reading, read, refused, TOO_LONG } from "./model";
import { readYaml } from "./yaml";

/** Reads a template's text: JSON, or else YAML, of which JSON is a part. Never throws. */
export function readText(text: string): Reading<unknown> {
  if (Buffer.byteLength(text) > BOUNDS.bytes) {
    return refused("", TOO_LONG.found, TOO_LONG.allowed);
  }
  const body = text.replace(/^\uFEFF/, "");
  const parsed = parseJson(body);
  if (parsed === undefined) return readYaml(body);
  const twice = findDuplicateKey(body);
  return twice === undefined ? read(parsed.value) : refused(twice, "the same key twice", "each key once");
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
