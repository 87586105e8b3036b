import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure, systemCode } from "../../failure";
import type { Source } from "../source";
import { textOf } from "../text";
import { recognize } from "./document";

/** What a file that cannot be read has to mention for it to count, where nobody named it. */
const OURS = /\bStatement\b|\bAWSTemplateFormatVersion\b|\bAWS::IAM::/;
const KINDS = /\.(json|ya?ml|template)$/i;

/**
 * Reads policy documents and CloudFormation templates. In a folder, files that are neither are passed over; one that was
 * named itself is not.
 *
 * @throws Failure (`unseen`) where a path is not there
 */
export async function readPath(path: string): Promise<readonly Source[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Failure(
      "unseen",
      `${path} cannot be read: ${systemCode(error) ?? String(error)}.`,
      "Check the path, and who may read it.",
    );
  });
  if (!found.isDirectory()) return readFile(path, true);
  const sources: Source[] = [];
  for (const file of await filesBelow(path)) sources.push(...(await readFile(file, false)));
  return sources;
}

async function readFile(path: string, isNamed: boolean): Promise<readonly Source[]> {
  const text = await textOf(path);
  const recognized = recognize(text, path);
  if (recognized.kind === "source") return [recognized.source];
  if (!isNamed && (recognized.kind === "other" || !OURS.test(text))) return [];
  const problem =
    recognized.kind === "broken" ? `It cannot be read: ${recognized.problem}.` : `It is ${recognized.what}.`;
  const remedy = "Allowed are policy documents and CloudFormation templates, as JSON or YAML.";
  return [{ kind: "file", name: path, file: path, resources: [], trouble: { problem, remedy } }];
}

/** In the order of their names. Hidden folders and installed packages are nobody's policies. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry): Promise<readonly string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() && KINDS.test(entry.name) ? [path] : [];
    });
  return (await Promise.all(below)).flat();
}
