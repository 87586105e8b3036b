import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Input, Kind, Properties } from "./kind";
import { holdsUnknown, isRecord, texts, UNKNOWN } from "./value";

/** Where Pulumi's bridge keeps which inputs it filled in by itself. */
const DEFAULTS = "__defaults";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: { property: string; reason: string }[];
}

/** The inputs with defaults and a name, documents as text; and everything that the stand-in cannot take. */
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
        reason: `${kind.title} has no input ${name} in the stand-in for the aws provider, which knows ${Object.keys(kind.inputs).join(", ")}. Add it in local/provider, or use the official provider.`,
      });
    } else {
      inputs[name] = input.form === "document" ? documentText(value) : value;
    }
  }
  if (kind.named !== undefined && inputs[kind.named] === undefined) {
    inputs[kind.named] = before[kind.named] ?? chosenName(kind.named, resourceName, inputs);
    inputs[DEFAULTS] = [kind.named];
  }
  for (const [name, input] of Object.entries(kind.inputs)) {
    if (inputs[name] !== undefined) continue;
    if (input.byDefault !== undefined) inputs[name] = input.byDefault;
    if (input.required) failures.push({ property: name, reason: `${kind.title} needs ${name}.` });
  }
  return { inputs, failures };
}

/**
 * Whether the old resource goes before the new one comes, as Pulumi's bridge decides it: where the program chose the name, which
 * both would bear. https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
 */
export function deletesBeforeReplace(kind: Kind, wanted: Properties): boolean {
  return (
    kind.deleteBeforeReplace === true ||
    (kind.named !== undefined && !texts(wanted, DEFAULTS).includes(kind.named))
  );
}

/** The inputs whose wanted value differs from what the state has. */
export function differences(kind: Kind, state: Properties, wanted: Properties): string[] {
  return Object.entries(kind.inputs)
    .filter(([name, input]) => !same(input, state[name], wanted[name]))
    .map(([name]) => name);
}

function same(input: Input, has: unknown, wants: unknown): boolean {
  if (holdsUnknown(wants)) return false;
  if (wants === undefined && input.unmanagedWhenAbsent) return true;
  return isDeepStrictEqual(normal(input, has), normal(input, wants));
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

/** The program's name for the resource and seven random hexadecimal digits, as Pulumi's providers name things. */
function chosenName(named: string, resourceName: string, inputs: Properties): string {
  const prefix = inputs[`${named}Prefix`];
  const ending = randomBytes(4).toString("hex").slice(0, 7);
  return typeof prefix === "string" ? `${prefix}${ending}` : `${resourceName}-${ending}`;
}
