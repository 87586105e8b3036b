import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "../failure";

/** A stack, and where its project is. */
export interface StackChoice {
  readonly stack: string;
  /** The folder of the project, or one below it. */
  readonly project: string;
}

const project = z.object({ name: z.string().regex(/^(?!-)[\w.-]+$/) });

/**
 * The project file that Pulumi would use in this folder. Without one, Pulumi would report what else is missing, such as a login, and not
 * that the folder is wrong.
 *
 * @throws Failure (`stack`) if neither the folder nor one above has a project file
 */
export function projectFile({ project }: StackChoice): string {
  for (let folder = resolve(project); ; folder = dirname(folder)) {
    const file = ["yaml", "yml", "json"].map((type) => join(folder, `Pulumi.${type}`)).find(existsSync);
    if (file !== undefined) return file;
    if (folder === dirname(folder)) break;
  }
  throw new Failure(
    "stack",
    `No Pulumi project in ${resolve(project)}.`,
    "Give the folder with the stack's Pulumi.yaml: --project FOLDER",
  );
}

/** A key of the stack's configuration with its namespace, the project's name: `aws-mfa-stack:users`. */
export function configKey(choice: StackChoice, key: string): string {
  const file = projectFile(choice);
  const found = project.safeParse(contents(file));
  if (found.success) return `${found.data.name}:${key}`;
  throw new Failure("stack", `${file} has no project name.`, "Fix it; pulumi about shows what is wrong.");
}

/** JSON is YAML. */
function contents(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"), { logLevel: "silent" });
  } catch {
    return undefined;
  }
}
