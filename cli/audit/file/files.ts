import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { systemCode } from "../../failure";
import type { SavedPage } from "../account/saved";
import type { AuditInput } from "../input";
import { textOf, unreadable } from "../input-text";
import { type Deployed, recognize } from "./document";
import { nestedTemplates } from "./nested";
import { fileInput } from "./resource";

/** What a file declares, or a part of what it has of an account. */
type Source = AuditInput | SavedPage;

/** A file in a folder that cannot be read is reported only if it mentions one of these. */
const RELEVANT =
  /\bStatement\b|\bAWSTemplateFormatVersion\b|\bAWS::IAM::|\baws(cc)?_iam_|\b(User|Group|Role)DetailList\b|"terraform_version"/;
/** The same for a file that may be prose. */
const RELEVANT_JSON =
  /^\s*[{[][\s\S]*"(Statement|UserDetailList|GroupDetailList|RoleDetailList|terraform_version)"\s*:/;
const EXTENSIONS = /\.(json|ya?ml|template|tfstate|csv)$/i;
/** Sources of a Terraform module, which only Terraform can evaluate. */
const TERRAFORM = /\.((tf|tofu)(\.json)?|tpl|tftpl)$/i;
const TERRAFORM_POLICIES = /\bStatement\b"?\s*[:=]|\baws(cc)?_iam_\w+/;
const PLAN = "Give its plan: terraform plan -out plan && terraform show -json plan > plan.json";
/** A file without an extension may be anything, such as a large program. */
const MOST_BYTES_WITHOUT_EXTENSION = 1024 * 1024;
const EXPECTED =
  "Expected policy documents or CloudFormation templates as JSON or YAML, a Terraform plan or state, a Pulumi state or preview, or IAM output of the AWS CLI.";

/**
 * Reads policy documents, templates, and the saved output of Terraform, Pulumi and the AWS CLI; `-` is standard input. In a folder,
 * other files are skipped unless they hold policies in another form, and links to folders are not followed. A path that was named is
 * never skipped. A pipe, socket or device in a folder is reported as not read.
 *
 * @throws Failure (`unseen`) if a path does not exist or cannot be read
 */
export async function readPath(path: string, deployed: Deployed = {}): Promise<readonly Source[]> {
  if (path === "-") return readFile(path, true, deployed);
  const found = await stat(path).catch((error: unknown) => refuse(path, error));
  if (!found.isDirectory()) return readFile(path, true, deployed);
  const sources: Source[] = [];
  for (const file of await filesBelow(path)) sources.push(...(await readFileBelow(file, deployed)));
  if (sources.length > 0) return sources;
  const problem = "It contains no policy document and no template.";
  const trouble = { problem, remedy: EXPECTED, notLookedAt: { folders: 1 } };
  return [{ ...fileInput(path, []), trouble }];
}

function refuse(path: string, error: unknown): never {
  throw unreadable(path, error);
}

function unread(path: string, problem: string, remedy = EXPECTED): AuditInput {
  return { ...fileInput(path, []), trouble: { problem, remedy } };
}

async function readFile(path: string, isNamed: boolean, deployed: Deployed): Promise<readonly Source[]> {
  const text = await textOf(path);
  if (TERRAFORM.test(path)) {
    const isReported = isNamed || TERRAFORM_POLICIES.test(text);
    return isReported ? [unread(path, "It is the source of a Terraform module.", PLAN)] : [];
  }
  const recognized = recognize(text, path, deployed, await nestedTemplates(text, path));
  if (recognized.kind !== "unread") return [recognized];
  const { problem, remedy, isRelevant = isRelevantText(text, path) } = recognized;
  return isNamed || isRelevant ? [unread(path, problem, remedy)] : [];
}

function isRelevantText(text: string, path: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === ".tfstate") return true;
  return (extension === "" || extension === ".csv" ? RELEVANT_JSON : RELEVANT).test(text);
}

async function readFileBelow(path: string, deployed: Deployed): Promise<readonly Source[]> {
  const found = await stat(path).catch((error: unknown) => systemCode(error) ?? String(error));
  if (typeof found === "string") return [unread(path, `It cannot be read: ${found}.`)];
  if (found.isDirectory()) return [];
  if (found.isFile()) {
    const isTooLarge = !basename(path).includes(".") && found.size > MOST_BYTES_WITHOUT_EXTENSION;
    return isTooLarge ? [] : readFile(path, false, deployed);
  }
  // A read of a pipe would wait for a writer that may never come.
  const what = found.isFIFO() ? "a pipe" : found.isSocket() ? "a socket" : "a device";
  return [unread(path, `It is ${what}, not a file.`, "Name it on the command line to have it read.")];
}

/** In the order of their names, without hidden folders and installed packages. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) =>
    refuse(folder, error),
  );
  const below = entries
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry): Promise<readonly string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      const isCandidate =
        EXTENSIONS.test(entry.name) ||
        TERRAFORM.test(entry.name) ||
        (entry.isFile() && !entry.name.includes("."));
      return isCandidate ? [path] : [];
    });
  return (await Promise.all(below)).flat();
}
