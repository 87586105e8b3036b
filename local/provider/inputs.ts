import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Input, Kind, Properties } from "./kind";
import { holdsUnknown, isRecord, texts, UNKNOWN } from "./value";

/** The property in which Pulumi's bridge lists the inputs that it filled in. */
const DEFAULTS = "__defaults";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: { property: string; reason: string }[];
}

/** The inputs with defaults and a name, documents as text; and what the stand-in does not support. */
export function checkInputs(
  kind: Kind,
  resourceName: string,
  before: Properties,
  given: Properties,
): Checked {
  const failures: Checked["failures"] = [];
  const inputs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("__") || value === undefined || value === null) continue;
    const input = kind.inputs[name];
    if (input === undefined) {
      failures.push({
        property: name,
        reason: `The stand-in for the aws provider supports no input ${name} of ${kind.title}, only ${Object.keys(kind.inputs).join(", ")}. Fix: add it in local/provider, or use the official provider.`,
      });
    } else {
      inputs[name] = input.form === "document" ? documentText(value) : value;
    }
  }
  if (kind.named !== undefined && inputs[kind.named] === undefined) {
    // The suffix has seven random hexadecimal digits, as in Pulumi's providers.
    inputs[kind.named] = before[kind.named] ?? `${resourceName}-${randomBytes(4).toString("hex").slice(1)}`;
    inputs[DEFAULTS] = [kind.named];
  }
  for (const [name, input] of Object.entries(kind.inputs)) {
    if (inputs[name] !== undefined) continue;
    if (input.byDefault !== undefined) inputs[name] = input.byDefault;
    if (input.required) failures.push({ property: name, reason: `${kind.title} requires ${name}.` });
  }
  return { inputs, failures };
}

/**
 * Whether the old resource is deleted before the new one is created, as Pulumi's bridge decides it: if the program chose the name, which
 * both would have. https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
 */
export function deletesBeforeReplace(kind: Kind, wanted: Properties): boolean {
  return (
    kind.deleteBeforeReplace === true ||
    (kind.named !== undefined && !texts(wanted, DEFAULTS).includes(kind.named))
  );
}

/** The inputs whose values differ from the state. */
export function differences(kind: Kind, state: Properties, wanted: Properties): string[] {
  return Object.entries(kind.inputs)
    .filter(([name, input]) => !same(input, state[name], wanted[name]))
    .map(([name]) => name);
}

function same(input: Input, old: unknown, wanted: unknown): boolean {
  if (holdsUnknown(wanted)) return false;
  if (wanted === undefined && input.unmanagedWhenAbsent) return true;
  return isDeepStrictEqual(normal(input, old), normal(input, wanted));
}

function normal(input: Input, value: unknown): unknown {
  if (value === undefined || value === null || value === "") return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return input.form === "set" ? [...value].map((item) => JSON.stringify(item)).sort() : value;
  }
  if (isRecord(value) && Object.keys(value).length === 0) return undefined;
  if (input.form === "document" && typeof value === "string") return parsed(value);
  return value;
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
}

function documentText(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return holdsUnknown(value) ? UNKNOWN : JSON.stringify(value);
}
