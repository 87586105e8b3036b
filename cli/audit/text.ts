import { readFile } from "node:fs/promises";
import { Failure, systemCode } from "../failure";

/** A file's text, or that of standard input for `-`. Throws Failure (`unseen`) where it cannot be read. */
export async function textOf(path: string): Promise<string> {
  try {
    if (path !== "-") return await readFile(path, "utf8");
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    throw new Failure(
      "unseen",
      `${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
      "Check the path, and who may read it.",
    );
  }
}

/** JSON as it stands in a file. Throws Failure (`unseen`) where it is none; `what` says what it should be. */
export async function jsonOf(path: string, what: string): Promise<unknown> {
  const text = await textOf(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(
      "unseen",
      `${path === "-" ? "Standard input" : path} is not JSON${text.trim() === "" ? ": it is empty" : ""}.`,
      `Give it ${what}.`,
    );
  }
}
