import { few } from "aws-mfa-policy-pack/messages";
import { failureOf } from "../aws/explain";
import type { Place, Trouble } from "./report";

/** Why an attempt to do `what`, such as "read the account", failed: the error of AWS, or an interruption. */
export function troubleOf(what: string, error: unknown, { aborted }: AbortSignal): Trouble {
  if (aborted) return INTERRUPTED;
  const { problem, remedy, detail } = failureOf(what, error);
  return { problem: [problem, detail].filter(Boolean).join(" "), remedy };
}

const INTERRUPTED: Trouble = {
  problem: "Interrupted before all of it was read.",
  remedy: "Run this again to read everything.",
};

/** Of something that was not read at all. */
export const NOT_STARTED: Trouble = { ...INTERRUPTED, problem: "Interrupted before it was read." };

/** A CloudTrail log that could not be read completely. */
export function unreadLog(name: string, { problem, remedy }: Trouble, file?: string): Place {
  return { kind: "file", name, file, trouble: { problem, remedy, notLookedAt: { logs: 1 } }, subjects: [] };
}

/** Resources that exist but were not evaluated. `which`: such as "are pending deletion still exist". `undefined` for none. */
export function notEvaluated(names: readonly string[], which: string, remedy: string): Trouble | undefined {
  if (names.length === 0) return undefined;
  const problem = `Resources that ${which}, and were not evaluated: ${few(names)}.`;
  return { problem, remedy, notLookedAt: { resources: names.length } };
}
