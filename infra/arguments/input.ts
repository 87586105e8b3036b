import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ArgumentsError, type Problem, problemsOf } from "./problem";

/** What has become of an update that a value stops which was not known before. */
export const TOO_LATE =
  "It is in a value that was not known before. What takes it was not created or changed.";

/** Where in a component's arguments an output stands, such as `alice` and `["path"]`: for the message when its value is wrong. */
const places = new WeakMap<object, { readonly owner: string; readonly path: readonly PropertyKey[] }>();

/**
 * An argument whose value may not be known yet. A known one is checked at once, and any other when it is known: whatever takes the
 * result is not made before that.
 */
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
 * Reads the arguments of a component.
 *
 * @param owner the component's name, which stands before each key in the messages
 * @param contradictions what is wrong between arguments, whatever else is
 * @throws ArgumentsError with every mistake among what is known, before the component is registered
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
