import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { closest } from "fastest-levenshtein";
import type { z } from "zod";

/** An error in the configuration, or in a component's arguments. */
export interface Problem {
  /** Where, such as `roles[1].sessionSeconds`. */
  readonly key: string;
  /** What was expected, and what was found. */
  readonly message: string;
}

/** All errors in the known arguments, thrown before the component registers a resource; or the errors in a value that became known later. */
export class ArgumentsError extends RunError {
  /**
   * @param owner the component's name, or the namespace of the configuration: the prefix of each key
   * @param consequence what the update has done
   */
  constructor(
    owner: string,
    readonly problems: readonly Problem[],
    consequence = `Nothing of ${owner} was created or changed.`,
  ) {
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    const lines = problems.map(({ key, message }) => `  ${owner}:${key}: ${message}`);
    super([`Invalid input: ${count}. ${consequence}`, ...lines].join("\n"));
  }

  /**
   * Pulumi inspects every error in color before it prints the message alone. Node.js 20 would take some 20 s for the stack, which
   * names the file `node_modules/@pulumi/output.ts`, and then fail.
   */
  [inspect.custom](): string {
    return this.message;
  }
}

/** A schema's issues as problems, with a suggestion for each unknown key. */
export function problemsOf({ issues }: z.ZodError, at: readonly PropertyKey[] = []): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    if (issue.code !== "unrecognized_keys") return notAllowed(keyPath(path), issue.input, issue.message);
    const allowed = issue.message.split(", ");
    return issue.keys.map((key) => unknownKey(keyPath([...path, key]), key, allowed));
  });
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

/** The value as JSON, shortened if it is long. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (pulumi.Output.isInstance(value)) return "an output, whose value may not be known yet";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 100 ? text : `${text.slice(0, 97)}...`;
}
