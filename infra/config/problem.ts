import { RunError } from "@pulumi/pulumi/errors";
import { closest } from "fastest-levenshtein";

/** One mistake in the configuration. */
export interface Problem {
  /** Where, such as `roles[1].sessionSeconds`. */
  readonly key: string;
  /** What was expected there, and what was found. */
  readonly message: string;
}

/** Every mistake in the configuration. Thrown before any resource is registered. */
export class ConfigurationError extends RunError {
  constructor(namespace: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "an error" : `${problems.length} errors`;
    const lines = problems.map(({ key, message }) => `  ${namespace}:${key}: ${message}`);
    super([`The configuration has ${count}. Nothing was created or changed.`, ...lines].join("\n"));
  }
}

export function notAllowed(key: string, found: unknown, allowed: string): Problem {
  return { key, message: `expected ${allowed}, got ${shown(found)}` };
}

export function unknownKey(key: string, name: string, keys: readonly string[]): Problem {
  return {
    key,
    message: `unknown key; did you mean ${closest(name, keys)}? Expected one of ${keys.join(", ")}`,
  };
}

/** `roles`, 1, `trust` → `roles[1].trust`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? String(step) : `${before}.${String(step)}`;
  }, "");
}

/** The value as JSON, cut short where it is long. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 100 ? text : `${text.slice(0, 97)}...`;
}
