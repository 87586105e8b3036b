import { few } from "aws-mfa-policy-pack/messages";
import type { z } from "zod";
import { Failure } from "../failure";

/**
 * The value, if it fits the schema.
 *
 * @param problem that it does not, as a sentence without its period
 * @throws Failure (`unseen`) with the paths that do not fit
 */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown, problem: string, remedy: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure("unseen", `${problem}: see ${few(pathsIn(parsed.error))}.`, remedy);
}

/** The paths that do not fit, each once. */
export function pathsIn({ issues }: z.ZodError): readonly string[] {
  return [...new Set(issues.map(({ path }) => path.join(".") || "the whole"))];
}
