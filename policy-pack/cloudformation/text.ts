import { findDuplicateKey } from "../iam/policy/json";
import { BOUNDS, refused, type TextResult, TOO_LONG } from "./model";
import { readYaml } from "./yaml";

/** Reads a template's text: JSON, or else YAML. The last of repeated keys counts. Never throws. */
export function readText(text: string): TextResult {
  if (Buffer.byteLength(text) > BOUNDS.bytes) return refused("", ...TOO_LONG);
  const body = text.replace(/^\uFEFF/, "");
  const parsed = parseJson(body);
  if (parsed === undefined) return readYaml(body);
  const twice = findDuplicateKey(body);
  return { ok: true, value: parsed.value, ...(twice !== undefined && { twice }) };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
