import { Failure, reasonOf } from "../failure";
import { named, textIn } from "../input";

/** A state has a copy of everything that its stack created. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The text of a file, or of standard input for `-`. Throws Failure (`unseen`) if it cannot be read. */
export async function textOf(path: string): Promise<string> {
  return textIn(path, MOST_BYTES).catch((error: unknown) => {
    throw error instanceof Failure ? error : unreadable(path, error);
  });
}

/** The failure for a path that the system cannot read or write. */
export function unreadable(path: string, error: unknown, verb = "read"): Failure {
  return new Failure(
    "unseen",
    `${path} cannot be ${verb}: ${reasonOf(error)}.`,
    "Check the path and its permissions.",
  );
}

/** The JSON value in a file. Throws Failure (`unseen`) if it has none. `what`: what the file should hold. */
export async function jsonOf(path: string, what: string): Promise<unknown> {
  const text = await textOf(path);
  const refused = (found: string) => new Failure("unseen", `${named(path)} ${found}.`, `Give it ${what}.`);
  const value = jsonIn(text);
  if (value === undefined) throw refused(`is not JSON${text.trim() === "" ? ": it is empty" : ""}`);
  if (isTooDeep(value)) throw refused(`has values nested deeper than ${DEEPEST} levels`);
  return value;
}

/** The value of a JSON text; `undefined` for any other text. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Far deeper than what Pulumi or this command writes, and less than the evaluation has room for. */
const DEEPEST = 500;

/** Checked level by level, so that no depth overflows the stack. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}
