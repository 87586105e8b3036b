import { Failure, systemCode } from "../failure";
import { named, textIn } from "../input";

/** A state has a copy of everything that its stack made. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A file's text, or that of standard input for `-`. Throws Failure (`unseen`) where it cannot be read. */
export async function textOf(path: string): Promise<string> {
  try {
    return await textIn(path, MOST_BYTES);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "unseen",
      `${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
      "Check the path and its permissions.",
    );
  }
}

/** JSON as it stands in a file. Throws Failure (`unseen`) where it is none; `what` says what it should be. */
export async function jsonOf(path: string, what: string): Promise<unknown> {
  const text = await textOf(path);
  const refused = (found: string) => new Failure("unseen", `${named(path)} ${found}.`, `Give it ${what}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(`is not JSON${text.trim() === "" ? ": it is empty" : ""}`);
  }
  if (isTooDeep(value)) throw refused(`has values nested deeper than ${DEEPEST} levels`);
  return value;
}

/** Far deeper than what Pulumi or this command writes, and less than what the judging has room for. */
const DEEPEST = 500;

/** Level by level, so that no nesting is too deep to be looked at. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}
