import { Failure, systemCode } from "../failure";
import { bytesOf, named } from "../input";

/** A state has a copy of everything that its stack made. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * A file's text, or that of standard input for `-`: UTF-8, or UTF-16 where a mark at its start says so, which is what
 * PowerShell makes of a command's output. Throws Failure (`unseen`) where it cannot be read.
 */
export async function textOf(path: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bytesOf(path, MOST_BYTES)) chunks.push(chunk);
    return decoded(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "unseen",
      `${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
      "Check the path, and who may read it.",
    );
  }
}

function decoded(bytes: Buffer): string {
  const mark = bytes.toString("hex", 0, 2);
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** JSON as it stands in a file. Throws Failure (`unseen`) where it is none; `what` says what it should be. */
export async function jsonOf(path: string, what: string): Promise<unknown> {
  const text = await textOf(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(
      "unseen",
      `${named(path)} is not JSON${text.trim() === "" ? ": it is empty" : ""}.`,
      `Give it ${what}.`,
    );
  }
}
