import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ArgumentsError, type Problem, problemsOf } from "./problem";

/** What an update has done when a value has an error that became known only during the update. */
export const TOO_LATE =
  "It is in a value that was not known before. Resources that use the value were not created or changed.";

/** Where each output is in a component's arguments, such as `alice` and `["path"]`, for the message about its value. */
const places = new WeakMap<object, { readonly owner: string; readonly path: readonly PropertyKey[] }>();

/** An argument whose value may not be known yet. It is checked as soon as it is known, before a resource uses the result. */
export function input<T>(schema: z.ZodType<T>) {
  return z.unknown().transform((value, context): pulumi.Input<T> => {
    if (isKnown(value)) {
      const { data, error } = schema.safeParse(value, { reportInput: true });
      if (error === undefined) return data;
      for (const { path, message, input, ...issue } of error.issues) {
        const found = { path, message, input };
        if (issue.code === "unrecognized_keys")
          context.issues.push({ ...found, code: issue.code, keys: issue.keys, input: {} });
        else context.issues.push({ ...found, code: "custom" });
      }
      return z.NEVER;
    }
    const given: pulumi.Output<unknown> = pulumi.output(value);
    const checked: pulumi.Output<T> = given.apply(async (known): Promise<T> => {
      const secret = await pulumi.isSecret(given);
      const { data, error } = schema.safeParse(known, { reportInput: !secret });
      if (error === undefined) return data;
      const { owner = "", path = [] } = places.get(checked) ?? {};
      throw new ArgumentsError(owner, problemsOf(error, path), TOO_LATE);
    });
    return checked;
  });
}

/**
 * Parses the arguments of a component. Called before the component is registered.
 *
 * @param owner the component's name, the prefix of each key in the messages
 * @param contradictions problems between the arguments
 * @throws ArgumentsError with every error in the known arguments
 */
export function readArguments<T>(
  owner: string,
  schema: z.ZodType<T>,
  args: unknown,
  contradictions: readonly Problem[] = [],
): T {
  const { data, error } = schema.safeParse(args, { reportInput: true });
  const problems = [...(error ? problemsOf(error) : []), ...contradictions];
  if (error || problems.length > 0) throw new ArgumentsError(owner, problems);
  locate(data, owner, []);
  return data;
}

function locate(value: unknown, owner: string, path: readonly PropertyKey[]): void {
  if (typeof value !== "object" || value === null) return;
  if (pulumi.Output.isInstance(value)) places.set(value, { owner, path });
  else {
    for (const [key, item] of Object.entries(value)) {
      locate(item, owner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

function isKnown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  return Object.values(value).every(isKnown);
}
