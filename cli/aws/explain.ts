import { Failure, systemCode } from "../failure";
import { ERRORS, type Explanation, NOT_AWS, OTHER, OUT_OF_REACH } from "./error-table";
import { Unanswered } from "./unanswered";

/** What went wrong in a call of AWS, for callers that report it in a form of their own. */
export interface Explained extends Explanation {
  /** AWS's name for the error. */
  readonly code: string;
  /** AWS's message, unless it may contain a secret. */
  readonly said: string;
}

/** The failure to do `what`, such as "enable the device", with its likely cause and the remedy. */
export function failureOf(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { exit, cause, remedy, code, said } = explain(error);
  return new Failure(
    exit,
    `Could not ${what}: ${cause}.`,
    remedy,
    said ? `AWS says: ${code}: ${said}` : undefined,
  );
}

/** Runs a call of AWS. Throws a Failure that says what could not be done. */
export async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failureOf(what, error);
  }
}

/** As `attempt`, but `undefined` if AWS says that the entity does not exist. */
export function attemptIfExists<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
  return attempt(what, async () => {
    try {
      return await call();
    } catch (error) {
      if (nameOf(error).startsWith("NoSuchEntity")) return undefined;
      throw error;
    }
  });
}

export function explain(error: unknown): Explained {
  const code = nameOf(error);
  const unanswered = { exit: "unreachable", code, said: "" } as const;
  if (error instanceof Unanswered) {
    return {
      ...unanswered,
      cause: `${OUT_OF_REACH.cause}: ${error.message}`,
      remedy: `${OUT_OF_REACH.remedy} To wait longer: --timeout SECONDS.`,
    };
  }
  if (isUnreadable(error)) return { ...unanswered, ...NOT_AWS };
  const message = error instanceof Error ? error.message.trim() : String(error);
  const row = ERRORS.find((each) => each.codes.test(code) && (each.message?.test(message) ?? true));
  const { exit, cause, remedy, quiet } = row ?? OTHER;
  return { exit, cause, remedy, code, said: quiet ? "" : withoutCommand(message).slice(0, 500) };
}

/** A response that the SDK could not parse. An error from AWS has `$fault`. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && "$response" in error && !("$fault" in error);
}

/** Node.js puts the command line before the output of a credential_process. It may contain a password. */
function withoutCommand(message: string): string {
  return message.replace(/^Command failed: .*\n?/, "");
}

/** AWS's name for the error, or the system's if the request never reached AWS. */
function nameOf(error: unknown): string {
  const system = systemCode(error);
  if (system !== undefined && /^E[A-Z]+|^HPE_|CERT|^UNABLE_TO_VERIFY/.test(system)) return system;
  return error instanceof Error ? error.name : "unknown";
}
